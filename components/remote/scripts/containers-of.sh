# shellcheck shell=sh disable=SC2034,SC2154 # follows containers.sh and journal.sh
# Prints whether the stack's journal can be read, as `journal <readable|unreadable|none>`, and each container of a service, or of all, as
# `container <id> /<name> <service> <address that it logs to>`. Fails if neither has the service.
# Arguments: 1 = journal, 2 = service, or nothing for all.
main() {
  journal=$1 service=$2
  find_journal
  ids=$(of_stack ps --all --no-trunc --quiet ${service:+--filter "label=$label_service=$service"})
  if [ -z "$ids" ] && { [ "$access" != readable ] || [ -z "$(identifiers)" ]; }; then
    no_container "container ${service:-at all}" --all
  fi
  echo "journal $access"
  [ -n "$ids" ] || return 0
  # One may be deleted meanwhile. .ID, as with .Id a missing address is <no value>.
  # shellcheck disable=SC2086 # one id a word
  docker inspect --format "container {{.ID}} {{.Name}} {{index .Config.Labels \"$label_service\"}} {{index .HostConfig.LogConfig.Config \"syslog-address\"}}" $ids 2>/dev/null || true
}

main "$@"
