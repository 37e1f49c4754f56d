# shellcheck shell=sh disable=SC2154 # part of watch.sh
# The Docker engine answers.
engine_conditions() {
  [ "$engine" = yes ] || raise answer "$AFTER" "The Docker engine does not answer." \
    "On the server: systemctl status docker, and journalctl -u docker -n 50. To start it: systemctl restart docker"
}
