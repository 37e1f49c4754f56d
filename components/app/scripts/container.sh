#!/bin/sh
# shellcheck disable=SC2034,SC2154 # the script that follows has `main` and `id`
# What every gate does with its container.

# Containers are made without being started. Before that comes what the provider cannot do with a read-only root file
# system (files, from standard input: a line a folder, its name and a tar archive in base64) or at all (the limit).
# All at once, as each is a call of docker.
prepare_container() {
  docker update --pids-limit "$1" "$id" >/dev/null &
  limited=$! brought=""
  if [ "$(state .State.Running)" != true ]; then
    while read -r folder archive; do
      printf '%s' "$archive" | base64 -d | docker cp - "$id:$folder" &
      brought="$brought $! $folder"
    done
  fi
  wait "$limited" || fail "does not accept its limit of processes"
  # shellcheck disable=SC2086 # pairs of words
  all_brought $brought
}

# $1 = process, $2 = folder, and so on.
all_brought() {
  while [ $# -gt 0 ]; do
    wait "$1" || fail "does not accept files in $2"
    shift 2
  done
}

state() { docker inspect --format "{{$1}}" "$id"; }

# In one question, as the container may be restarted between two.
how_it_is() {
  docker inspect --format '{{.State.Status}}, exit code {{.State.ExitCode}}{{if .State.OOMKilled}}, out of memory{{end}}' "$id"
}

# $1 = lines to show.
last_log_lines() {
  printf 'Its last log lines:\n'
  docker logs --tail "$1" "$id" 2>&1 | sed 's/^/  | /'
}

still_serves='The previous version still serves. Correct the release and deploy again.'
