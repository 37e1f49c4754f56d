# shellcheck shell=sh disable=SC2086,SC2154 # follows step.sh; $sudo is empty, or two words
# Waits until Docker answers after its start, at most a minute.
answers() {
  tries=0
  until $sudo docker version >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] && ! $sudo systemctl is-failed --quiet docker || return 1
    sleep 1
  done
}
