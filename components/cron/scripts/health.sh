# shellcheck shell=sh disable=SC2154 # follows cron.sh, notes.sh and run.sh
# Reports the job from its journal.

# One JSON object; times in seconds since 1970.
status() {
  printf '{"next":%s,"running":[%s],"last":%s,"good":%s,"missed":%s,"skipped":%s}\n' "$(next_run)" "$(running_json)" "$(last_json)" \
    "$(read_note good null)" "$(read_note missed null)" "$(read_note skipped null)"
}

next_run() {
  found=$(moment next "$(date +%s)")
  echo "${found:-null}"
}

running_json() {
  separator=""
  for one in "$journal"/run-??????; do
    is_running "$one" || continue
    read -r since kind <"$one" || continue
    printf '%s{"began":%s,"kind":"%s"}' "$separator" "$since" "$kind"
    separator=,
  done
}

last_json() {
  read -r since finished code kind ending <<END
$(read_note last)
END
  [ -n "$since" ] || { echo null && return 0; }
  printf '{"began":%s,"ended":%s,"code":%s,"kind":"%s","ending":"%s"}\n' "$since" "$finished" "$code" "$kind" "$ending"
}

healthy() {
  read -r _ finished code _ ending <<END
$(read_note last)
END
  case $ending in
    failed | timed-out | interrupted)
      echo "The last run $(describe "$ending" "$code") $(ago "$finished") ago. The log of the job says why. It is well again after a run that succeeds."
      return 1
      ;;
  esac
}
