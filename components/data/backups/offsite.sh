# shellcheck shell=sh disable=SC2154 # follows repository.sh
# Copies the local repository to the off-site repository. Retries every hour if the storage is not reachable; nothing waits for it.

send_offsite() {
  [ -n "$OFFSITE" ] || return 0
  : >/tmp/answer
  if check_offsite_owner && copy_offsite && retain_in offsite 2>/tmp/answer; then
    delete_note offsite-failure
    delete_note unsent
    note offsite "$(date +%s)"
    say "Copied to $OFFSITE."
  else
    note offsite-failure "$(date +%s) $(last_error)"
    say "Copying to $OFFSITE failed: $(last_error)"
    ping /fail
    return 1
  fi
}

copy_offsite() {
  in_repository offsite copy --quiet --from-repo "$local_repository" --from-password-file "$RESTIC_PASSWORD_FILE" >/dev/null 2>/tmp/answer
}

# Succeeds if this stack created or adopted the off-site repository. Otherwise the retention of a new server would remove the backups of
# an earlier server before they are restored.
check_offsite_owner() {
  status=0
  query offsite cat config >/tmp/config 2>/tmp/answer || status=$?
  case $status in
    0)
      [ "$(offsite_id)" = "$(read_note offsite-id)" ] || empty_offsite || {
        echo "There are backups of an earlier server. Restore them (berth restore), or continue them (berth backup --adopt-offsite)." >/tmp/answer
        return 1
      }
      # Only after this check, as a process of an earlier server may still run.
      remove_stale_locks offsite || return 1
      ;;
    10)
      in_repository offsite init --quiet --from-repo "$local_repository" --from-password-file "$RESTIC_PASSWORD_FILE" --copy-chunker-params \
        >/dev/null 2>/tmp/answer && in_repository offsite cat config >/tmp/config 2>/tmp/answer || return 1
      note offsite-id "$(offsite_id)"
      ;;
    12)
      echo "The passphrase does not open the backups at $OFFSITE." >/tmp/answer
      return 1
      ;;
    124 | 143)
      echo "No answer within 30 s." >/tmp/answer
      return 1
      ;;
    *) return 1 ;;
  esac
}

offsite_id() { sed -n 's/.*"id": *"\([0-9a-f]*\)".*/\1/p' /tmp/config; }

empty_offsite() {
  [ "$(query offsite snapshots --json 2>/tmp/answer)" = "[]" ] && note offsite-id "$(offsite_id)"
}

# Makes this stack the owner of the off-site backups.
adopt() {
  remove_locks_left || say "The off-site backups stay locked: $(last_error)"
  query offsite cat config >/tmp/config
  note offsite-id "$(offsite_id)"
  send_offsite && ping_when_well
}

# Processes of restic refresh their locks every five minutes, under another name. One that stays longer is of a process that was killed
# with the earlier server. restic itself would respect it for half an hour.
readonly REFRESH=330

remove_locks_left() {
  left=$(locks_offsite)
  [ -n "$left" ] || return 0
  say "A process of the earlier server has locked the off-site backups. Waiting up to six minutes to see whether it still runs."
  waited=0
  while [ "$waited" -lt "$REFRESH" ]; do
    sleep 10
    waited=$((waited + 10))
    now=$(locks_offsite)
    left=$(printf '%s\n' "$left" | grep -xF "$now") || return 0
    [ -n "$left" ] || return 0
  done
  # Others would lose their locks too.
  [ "$now" = "$left" ] || return 0
  in_repository offsite unlock --quiet --remove-all 2>/tmp/answer
}

locks_offsite() { query offsite list locks --quiet 2>/dev/null | sort; }
