# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows containers.sh and journal.sh; $sudo is empty, or two words
# Prints entries of the stack's journal as JSON, one a line, the newest one first.
# Arguments: 1 = journal, 2 = service, or nothing for all, 3 = number of lines, the rest = options of journalctl.
main() {
  journal=$1 service=$2 lines=$3
  shift 3
  find_journal
  names=$(identifiers)
  [ -n "$names" ] || return 0
  for name in $names; do set -- "$@" "--identifier=$name"; done
  $sudo journalctl --namespace="$journal" --quiet --output=json --all --output-fields=MESSAGE,SYSLOG_IDENTIFIER --reverse "$@" |
    head -n "$lines"
}

main "$@"
