# shellcheck shell=sh disable=SC2154 # follows repository.sh
# Lists, finds and prints snapshots.

snapshots() {
  printf '{"local":%s,"offsite":%s}\n' "$(query local snapshots --json)" "$(offsite_snapshots)"
}

# Prints null when the storage does not answer.
offsite_snapshots() {
  [ -n "$OFFSITE" ] || { echo '[]' && return; }
  status=0
  query offsite snapshots --json 2>/dev/null || status=$?
  case $status in
    0) ;;
    10) echo '[]' ;;
    *) echo null ;;
  esac
}

# dump_from local|offsite SNAPSHOT PATH: prints a file, or a folder (its path ends with /) as a tar archive.
dump_from() {
  case $3 in
    */) in_repository "$1" dump "$2:${3%/}" / --archive tar ;;
    *) in_repository "$1" dump "$2" "$3" ;;
  esac
}

# list_contents local|offsite SNAPSHOT [FOLDER]
list_contents() {
  if [ $# -eq 2 ]; then set -- "$@" /databases /files; fi
  where=$1
  shift
  in_repository "$where" ls --quiet "$@"
}

# find_snapshot latest|ID|before-RELEASE: prints where a snapshot is, its id and its time. The latest is the newest on this server,
# or on a new server that has not adopted the off-site backups of an earlier one, the newest of those.
find_snapshot() {
  if [ "$1" != latest ]; then
    which=$1
    # The tag of a backup before a release.
    case $which in before-*) set -- --tag "$which" ;; esac
    find_in local "$@" || { [ -n "$OFFSITE" ] && find_in offsite "$@"; } || report_not_found "$which"
  elif [ -n "$OFFSITE" ] && [ -z "$(read_note offsite-id)" ] && query offsite cat config >/dev/null 2>&1; then
    find_in offsite || report_not_found latest
  else
    find_in local || report_not_found latest
  fi
}

# find_in local|offsite [prefix of an id | --tag TAG]: prints the repository, id and time of the newest match that is complete.
find_in() {
  where=$1 hidden='base\|wal\|wal-open'
  shift
  # What was recovered for a restore is not the newest backup.
  [ $# -gt 0 ] || hidden="$hidden\|point-in-time"
  found=$(query "$where" snapshots --json "$@" 2>/dev/null | sed 's/},{/}\n{/g' | grep -v "\"tags\":\[\"\($hidden\)\"" | sed -n 's/.*"time":"\([^"]*\)".*"id":"\([0-9a-f]*\)".*/\2 \1/p' | grep -v "^$(read_note incomplete '-')" | sort -k 2 | tail -n 1)
  [ -n "$found" ] && echo "$where $found"
}

report_not_found() {
  echo "There is no backup $1. List the backups with berth backups." >&2
  return 1
}
