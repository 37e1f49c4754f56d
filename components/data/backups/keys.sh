# shellcheck shell=sh disable=SC2154 # follows repository.sh
# Changes the passphrase: adds a restic key beside the previous one, which is removed after the release has completed.

readonly new_passphrase=/tmp/passphrase

# Runs in the previous release's container. The passphrase is on no command line; the file is in memory.
accept_passphrase() {
  cat >"$new_passphrase"
  [ "$(cat "$new_passphrase")" = "$(cat "$RESTIC_PASSWORD_FILE")" ] || accept_everywhere || {
    rm -f "$new_passphrase"
    return 1
  }
  rm -f "$new_passphrase"
}

accept_everywhere() {
  # An earlier release may have scheduled the removal of this passphrase.
  delete_note other-passphrases
  [ -z "$OFFSITE" ] || accept_in offsite || return 1
  accept_in local
}

# accept_in local|offsite: does nothing if there is no repository, or if this container's passphrase does not open it.
accept_in() {
  ! opens_with_new "$1" || return 0
  status=0
  query "$1" cat config >/dev/null 2>/tmp/answer || status=$?
  case $status in
    0) remove_stale_locks "$1" && in_repository "$1" key add --quiet --new-password-file "$new_passphrase" >/dev/null 2>/tmp/answer && return 0 ;;
    10 | 12) return 0 ;;
  esac
  say "The new passphrase could not be added to the backups ($1): $(last_error)"
  return 1
}

opens_with_new() (
  RESTIC_PASSWORD_FILE=$new_passphrase
  query "$1" cat config >/dev/null 2>&1
)

# Removes passphrases of earlier and failed releases.
drop_passphrases() {
  if drop_in local && { [ -z "$OFFSITE" ] || drop_offsite; }; then
    delete_note other-passphrases
    say "Only the current passphrase opens the backups."
  else
    note other-passphrases "$(date +%s)"
    say "An earlier passphrase still opens the backups, and will be removed later: $(last_error)"
  fi
}

# Only if the copies belong to this stack.
drop_offsite() {
  status=0
  query offsite cat config >/tmp/config 2>/tmp/answer || status=$?
  case $status in
    0) [ "$(offsite_id)" != "$(read_note offsite-id)" ] || drop_in offsite ;;
    10 | 12) ;;
    *) return 1 ;;
  esac
}

# drop_in local|offsite
drop_in() {
  remove_stale_locks "$1" || return 1
  listed=$(in_repository "$1" key list --json 2>/tmp/answer) || return 1
  others=$(echo "$listed" | sed 's/},{/}\n{/g' | sed -n '/"current":false/s/.*"id":"\([0-9a-f]*\)".*/\1/p')
  for key in $others; do
    in_repository "$1" key remove --quiet "$key" >/dev/null 2>/tmp/answer || return 1
  done
}
