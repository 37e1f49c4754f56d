# shellcheck shell=sh disable=SC2086,SC2154 # follows containers.sh and journal.sh; $sudo is empty, or two words
# Prints new entries of the stack's journal as JSON, also of containers that do not exist yet, until it is stopped.
# Arguments: 1 = journal, 2 = service, or nothing for all, the rest = options of journalctl.
main() {
  journal=$1 service=$2
  shift 2
  find_journal
  pattern='[^"/]*'
  [ -z "$service" ] || pattern=$(echo "$service" | sed 's/\./\\./g')
  # In JSON, the quotes in a text have a backslash.
  $sudo journalctl --namespace="$journal" --quiet --output=json --all --output-fields=MESSAGE,SYSLOG_IDENTIFIER --follow --no-tail "$@" |
    grep --line-buffered "\"SYSLOG_IDENTIFIER\":\"$pattern/"
}

main "$@"
