# shellcheck shell=sh disable=SC2154 # part of watch.sh
# Releases are done, have failed, or hang. deploy-lock.sh keeps the run that did not end well in deploy.json.
RELEASE_IS_LONG=7200

release_conditions() {
  [ "$engine" = yes ] || return 1
  run=$here/../deploy.json
  if release_runs; then
    began=$(stat -c %Y "$run" 2>/dev/null || echo "$now")
    [ $((now - began)) -lt $RELEASE_IS_LONG ] ||
      raise long 0 "A release has been running for more than $((RELEASE_IS_LONG / 3600)) h: $(run_by)." "Ask who runs it. To see what holds the stack: $(berth unlock)"
  elif grep -q '"pids":\[[0-9]' "$run" 2>/dev/null; then
    # A broken connection takes its lock back within some seconds.
    raise failed "$AFTER" "A release did not complete: $(run_by). The stack may be between two releases." \
      "Read what it said and release again: $(berth up). To return to the last good one: $(berth rollback)"
  fi
  report_new_release
}

run_by() {
  sed -n 's/.*"by":"\([^"]*\)","host":"\([^"]*\)","since":"\([^."]*\).*/by \1 on \2, begun at \3 UTC/p' "$run" 2>/dev/null
}

report_new_release() {
  number=$(releases "$project-$stack" | head -n 1)
  known=$(cat "$here/release" 2>/dev/null)
  [ -n "$number" ] && [ "$number" != "$known" ] && ! release_runs || return 0
  echo "$number" >"$here/release"
  # The first run only remembers it, and a removed image brings back a lower number.
  [ "$RELEASES" = true ] && [ -n "$known" ] && [ "$number" -gt "$known" ] || return 0
  who=$(docker image inspect --format "{{index .Config.Labels \"$label_by\"}}|{{index .Config.Labels \"$label_subject\"}}|{{index .Config.Labels \"$label_rollback_to\"}}" "$project-$stack/release:$number" 2>/dev/null)
  by=${who%%|*} rest=${who#*|}
  subject=${rest%|*} to=${rest##*|}
  report "$number" "Release $number is deployed${by:+ by $by}${to:+, a rollback to release $to}${subject:+: $subject}" "Nothing. To return to an earlier release: $(berth rollback)"
}
