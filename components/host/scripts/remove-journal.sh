# shellcheck shell=sh disable=SC2086,SC2154 # follows step.sh; $sudo is empty, or two words
# Removes the journal of a stack with its entries, unless a container still logs to it: that one could not start again.
# Arguments as of install-journal.sh.
main() {
  journal=$1
  if used; then
    warn "The logs' journal $journal stays on the server, as containers that were not replaced still log to it. Their next replacement ends that."
    return
  fi
  $sudo rm -f "/etc/systemd/journald@$journal.conf" "/etc/systemd/system/docker.service.d/berth-logs-$journal.conf"
  $sudo systemctl daemon-reload
  $sudo systemctl stop "systemd-journald@$journal.socket" "systemd-journald-varlink@$journal.socket" "systemd-journald@$journal.service" 2>/dev/null
  $sudo rm -rf "/var/log/journal/$(cat /etc/machine-id).$journal"
}

# Whether a container logs to the journal, or the engine does not answer.
used() {
  containers=$($sudo docker ps --all --quiet) || return 0
  [ -n "$containers" ] || return 1
  # shellcheck disable=SC2086 # one id a word
  $sudo docker inspect --format '{{index .HostConfig.LogConfig.Config "syslog-address"}}' $containers 2>/dev/null |
    grep -q "/journal\.$journal/"
}

main "$@" </dev/null
