#!/bin/sh
# Runs a job's container to its end, and shows its output when it fails.
# Arguments: 1 = container, 2 = seconds it may take.
main() {
  id=$1 seconds=$2
  deadline=$(($(date +%s) + seconds))
  docker start "$id" >/dev/null || fail "cannot be started"
  while [ "$(state .State.Running)" = true ]; do
    [ "$(date +%s)" -lt "$deadline" ] || {
      docker stop --time 5 "$id" >/dev/null
      fail "was stopped, because it took longer than $seconds s"
    }
    sleep 0.3
  done
  [ "$(state .State.ExitCode)" = 0 ] || fail "failed"
}

state() { docker inspect --format "{{$1}}" "$id"; }

fail() {
  name=$(state .Name)
  {
    printf '\nJob %s %s: exit code %s.\nIts last log lines:\n' "${name#/}" "$1" "$(state .State.ExitCode)"
    docker logs --tail 40 "$id" 2>&1 | sed 's/^/  | /'
    printf 'A version that ran before still serves. Mend the release and deploy again.\n'
  } >&2
  exit 1
}

main "$@" </dev/null
