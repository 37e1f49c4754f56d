#!/bin/sh
# shellcheck disable=SC2034,SC2154 # the script that follows has `main` and `id`
# What every gate does with its container.

# Containers are made without being started. Before that comes what the provider cannot do with a read-only root file
# system (files, from standard input: a line a folder, its name and a tar archive in base64) or at all (the limit).
prepare_container() {
  docker update --pids-limit "$1" "$id" >/dev/null || fail "takes no limit of processes"
  [ "$(state .State.Running)" != true ] || return 0
  while read -r folder archive; do
    printf '%s' "$archive" | base64 -d | docker cp - "$id:$folder" || fail "takes no files in $folder"
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

still_serves='A version that ran before still serves. Mend the release and deploy again.'
