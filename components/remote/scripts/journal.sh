# shellcheck shell=sh disable=SC2034,SC2154 # follows containers.sh; the script that follows uses them
# Functions that read the journal of a stack's logs, $journal, with the entries of $service, or of all.

# Sets $access: readable, unreadable or none; and $sudo, which reads it.
find_journal() {
  folder=/var/log/journal/$(cat /etc/machine-id 2>/dev/null).$journal sudo="" access=readable
  if [ ! -d "$folder" ]; then access=none
  elif [ ! -r "$folder/system.journal" ]; then
    if sudo -n true 2>/dev/null; then sudo="sudo -n"; else access=unreadable; fi
  fi
}

# The entries have the identifier <service>/<container>; those of journald itself have none with a slash.
identifiers() {
  # shellcheck disable=SC2086 # empty, or two words
  $sudo journalctl --namespace="$journal" --quiet --field=SYSLOG_IDENTIFIER 2>/dev/null |
    awk -v service="$service" 'service == "" ? index($0, "/") : index($0, service "/") == 1'
}
