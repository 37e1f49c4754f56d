# shellcheck shell=sh disable=SC2154 # follows journal.sh
# The encrypted repositories: one in the volume, and one off-site when there is an address for it.
readonly local_repository=/srv/backups/repository
export RESTIC_PASSWORD_FILE=/run/secrets/passphrase
export AWS_SHARED_CREDENTIALS_FILE=/run/secrets/s3-credentials
export RESTIC_CACHE_DIR=/work/cache TMPDIR=/work RESTIC_PROGRESS_FPS=0.1
# Less memory for a little more work.
export GOGC=20

# in_repository local|offsite WORDS…: restic there.
in_repository() {
  repository=$local_repository
  [ "$1" = local ] || repository=$OFFSITE
  shift
  restic --repo "$repository" --retry-lock 1h "$@"
}

# Makes the one in the volume where there is none. One that another passphrase was for is set aside, for nothing is ever deleted unread,
# and taken up again when its passphrase is.
prepare_repository() {
  status=0
  asked local cat config >/dev/null 2>/tmp/answer || status=$?
  case $status in
    0) return ;;
    10) ;;
    # A container that goes may have a backup under way there. The lock is not this process's to keep.
    12) (alone backups set_aside) ;;
    *)
      cat /tmp/answer >&2
      return 1
      ;;
  esac
  take_up || in_repository local init --quiet
  # What was found out of other backups says nothing of this repository.
  rm -rf "$journal"
}

# The same for what only reads, and so waits for nobody and keeps nobody waiting.
without_lock() {
  where=$1
  shift
  in_repository "$where" --no-lock "$@"
}

# The same for a short question, which is given up where nobody answers: 124, or 143 with busybox.
asked() {
  repository=$local_repository
  [ "$1" = local ] || repository=$OFFSITE
  shift
  timeout 30 restic --repo "$repository" --no-lock "$@"
}

# unlocked local|offsite: without locks of a process that was killed. Whether there are any is told here without restic, which takes
# half a second for each of its answers.
unlocked() {
  if [ "$1" = local ] && [ -z "$(find "$local_repository/locks" -type f 2>/dev/null)" ]; then return 0; fi
  in_repository "$1" unlock --quiet 2>/tmp/answer
}

set_aside() {
  aside=$local_repository.$(date +%Y%m%d%H%M%S)
  mv "$local_repository" "$aside"
  say "The passphrase is another one than the backups so far were made with. They are set aside, in $aside."
}

# The newest of those set aside that this passphrase is for.
take_up() {
  for aside in $(find "${local_repository%/*}" -maxdepth 1 -name "${local_repository##*/}.*" | sort -r); do
    restic --repo "$aside" --no-lock cat config >/dev/null 2>&1 || continue
    mv "$aside" "$local_repository"
    say "The backups made with this passphrase, which were set aside, are taken up again."
    return 0
  done
  return 1
}

snapshots() {
  printf '{"local":%s,"offsite":%s}\n' "$(asked local snapshots --json)" "$(offsite_snapshots)"
}

# Null where it cannot be told.
offsite_snapshots() {
  [ -n "$OFFSITE" ] || { echo '[]' && return; }
  status=0
  asked offsite snapshots --json 2>/dev/null || status=$?
  case $status in
    0) ;;
    10) echo '[]' ;;
    *) echo null ;;
  esac
}

# dump_from local|offsite SNAPSHOT PATH
dump_from() {
  case $3 in
    */) in_repository "$1" dump "$2:${3%/}" / --archive tar ;;
    *) in_repository "$1" dump "$2" "$3" ;;
  esac
}

# What restic said last, in one line.
said() { grep -v '^$' /tmp/answer | tail -n 3 | paste -s -d ' ' - | cut -c 1-300; }

# Prints where a snapshot is, its id and when it was taken. The newest is the newest here, but on a new server with backups of an
# earlier one the newest of those.
find_snapshot() {
  if [ "$1" != latest ]; then
    which=$1
    # Named as in the list, after what came then.
    case $which in before-*) set -- --tag "$which" ;; esac
    found_in local "$@" || { [ -n "$OFFSITE" ] && found_in offsite "$@"; } || none_found "$which"
  elif [ -n "$OFFSITE" ] && [ -z "$(noted offsite-id)" ] && asked offsite cat config >/dev/null 2>&1; then
    found_in offsite || none_found latest
  else
    found_in local || none_found latest
  fi
}

# found_in local|offsite [the beginning of an id | --tag TAG]: the newest
found_in() {
  where=$1
  shift
  found=$(asked "$where" snapshots --json "$@" 2>/dev/null | sed 's/},{/}\n{/g' | sed -n 's/.*"time":"\([^"]*\)".*"id":"\([0-9a-f]*\)".*/\2 \1/p' | sort -k 2 | tail -n 1)
  [ -n "$found" ] && echo "$where $found"
}

none_found() {
  echo "There is no backup $1. The command berth backups lists those there are." >&2
  return 1
}
