# shellcheck shell=sh disable=SC2154 # follows journal.sh
# Access to the encrypted repositories: one in the volume, and one off-site if it has an address.
readonly local_repository=/srv/backups/repository
export RESTIC_PASSWORD_FILE=/run/secrets/passphrase
export AWS_SHARED_CREDENTIALS_FILE=/run/secrets/s3-credentials
export RESTIC_CACHE_DIR=/work/cache TMPDIR=/work RESTIC_PROGRESS_FPS=0.1
# The authorities of the image, or else restic's; for the storage, those of the setting instead.
authorities=/etc/ssl/certs/ca-certificates.crt
[ -e "$authorities" ] || authorities=/opt/berth/ca-certificates.crt
export SSL_CERT_FILE=$authorities
[ ! -s /run/secrets/s3-authority ] || export RESTIC_CACERT=/run/secrets/s3-authority
# Go collects garbage earlier: less memory for a little more work.
export GOGC=20

# in_repository local|offsite WORDS…: runs restic there.
in_repository() {
  repository=$local_repository
  [ "$1" = local ] || repository=$OFFSITE
  shift
  restic --repo "$repository" --retry-lock 1h "$@"
}

# Creates the repository in the volume. One with another passphrase is renamed, not deleted, and used again when its passphrase
# returns.
prepare_repository() {
  status=0
  query local cat config >/dev/null 2>/tmp/answer || status=$?
  case $status in
    0) return ;;
    10) ;;
    # The previous container may still be writing a backup there, so this waits for its lock, and keeps it in a subshell only.
    12) (with_lock backups set_aside) ;;
    *)
      cat /tmp/answer >&2
      return 1
      ;;
  esac
  reactivate || in_repository local init --quiet
  # The journal is about another repository.
  rm -rf "$journal"
}

# without_lock local|offsite WORDS…: the same, read-only. It neither waits for locks nor takes one.
without_lock() {
  where=$1
  shift
  in_repository "$where" --no-lock "$@"
}

# query local|offsite WORDS…: the same for a short query, with a timeout: exit code 124, or 143 with busybox.
query() {
  repository=$local_repository
  [ "$1" = local ] || repository=$OFFSITE
  shift
  timeout 30 restic --repo "$repository" --no-lock "$@"
}

# remove_stale_locks local|offsite: removes the locks of killed processes. Looks for lock files first, as each call of restic takes half a second.
remove_stale_locks() {
  if [ "$1" = local ] && [ -z "$(find "$local_repository/locks" -type f 2>/dev/null)" ]; then return 0; fi
  in_repository "$1" unlock --quiet 2>/tmp/answer
}

set_aside() {
  aside=$local_repository.$(date +%Y%m%d%H%M%S)
  mv "$local_repository" "$aside"
  say "The existing backups were made with another passphrase. They are set aside, in $aside."
}

# Reactivates the newest repository set aside that this passphrase opens.
reactivate() {
  for aside in $(find "${local_repository%/*}" -maxdepth 1 -name "${local_repository##*/}.*" | sort -r); do
    restic --repo "$aside" --no-lock cat config >/dev/null 2>&1 || continue
    mv "$aside" "$local_repository"
    say "The backups made with this passphrase, which were set aside, are used again."
    return 0
  done
  return 1
}

# Prints the last error of restic in one line.
last_error() { grep -v '^$' /tmp/answer | tail -n 3 | paste -s -d ' ' - | cut -c 1-300; }
