#!/bin/sh
# shellcheck disable=SC2034,SC2154 # the script that follows has `main` and `id`
# Functions that all gates share.

# Prepares a created container before it starts: copies files (standard input: one line a folder, with its path and a tar archive in
# base64), which the provider cannot do with a read-only root, and sets the process limit, which it cannot do at all.
# In parallel, as each is a call of docker.
prepare_container() {
  docker update --pids-limit "$1" "$id" >/dev/null &
  limited=$! copies=""
  if [ "$(state .State.Running)" != true ]; then
    while read -r folder archive; do
      printf '%s' "$archive" | base64 -d | docker cp - "$id:$folder" &
      copies="$copies $! $folder"
    done
  fi
  wait "$limited" || fail "does not accept its process limit"
  # shellcheck disable=SC2086 # pairs of words
  await_copies $copies
}

# Arguments: pairs of process id and folder.
await_copies() {
  while [ $# -gt 0 ]; do
    wait "$1" || fail "does not accept files in $2"
    shift 2
  done
}

state() { docker inspect --format "{{$1}}" "$id"; }

# One call of docker, as the engine may restart the container between two.
describe_state() {
  docker inspect --format '{{.State.Status}}, exit code {{.State.ExitCode}}{{if .State.OOMKilled}}, out of memory{{end}}' "$id"
}

# $1 = number of lines.
last_log_lines() {
  printf 'Last lines of its log:\n'
  docker logs --tail "$1" "$id" 2>&1 | limit_lines | sed 's/^/  | /'
}

previous_serves='The previous version still serves. Correct the release and deploy again.'
