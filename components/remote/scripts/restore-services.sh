# shellcheck shell=sh disable=SC2154,SC2034 # part of restore.sh
# Stops and starts the services that a restore affects.

# Runs a command of backups.sh in the backup container.
backups_sh() { docker exec --interactive "$backups" sh /opt/berth/backups.sh "$@" </dev/null; }

# The same in the container with the backup to restore, which may be that of another stack.
source_sh() { docker exec --interactive "$source" sh /opt/berth/backups.sh "$@" </dev/null; }

names() {
  for id in $1; do
    if is_swarm "$id"; then swarm_name "$id"; else docker inspect --format '{{.Name}}' "$id" | sed "s|^/$project-$stack-||"; fi
  done | paste -s -d ' ' -
}

# Prints the services to stop, newest first: those that share a network with a database and store no data, and those that write to a
# volume with files. Includes services that an interrupted restore has stopped.
writers() {
  {
    for words in $databases; do
      for network in $(docker inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{println $name}}{{end}}' "$(server_of "$words")"); do
        running_services --filter "network=$network"
      done
    done
    printf '%s\n' "$volumes" | while read -r _ volume; do
      for id in $(running_services --filter "volume=$volume"); do
        [ "$(docker inspect --format "{{range .Mounts}}{{if eq .Name \"$volume\"}}{{.RW}}{{end}}{{end}}" "$id")" != true ] || echo "$id"
      done
    done
  } | sort -u >"$work/writing"
  for words in $databases; do server_of "$words"; done >"$work/excluded"
  { echo "$backups" && running_services --filter "label=$label_store=true"; } >>"$work/excluded"
  for id in $(running_services); do
    ! grep -qx "$id" "$work/writing" || grep -qx "$id" "$work/excluded" || echo "$id"
  done
  swarm_writers
}

stop_writers() {
  for id in $writers; do
    # In parallel, as each may complete its requests.
    if is_swarm "$id"; then stop_swarm "$id" & else docker stop -t 60 "$id" >/dev/null & fi
    set -- "$@" "$!"
  done
  result=0
  for pid; do wait "$pid" || result=1; done
  return "$result"
}

# Prints ids of services that run or should run, without those of a Swarm. Arguments: filters.
running_services() {
  of_stack ps --all --filter is-task=false --format '{{.State}} {{.ID}} {{.Names}}' "$@" | while read -r state id name; do
    case "$state $expected " in running* | *" $name "*) ;; *) continue ;; esac
    # A job has ended. A scheduled job that a release left to complete its run has not.
    case "$(restart_and_schedule "$id")" in "no ") ;; "no "*) [ "$state" != running ] || echo "$id" ;; *) echo "$id" ;; esac
  done
}

# Prints the restart policy of a container, and its schedule if it is that of a scheduled job.
restart_and_schedule() { docker inspect --format "{{.HostConfig.RestartPolicy.Name}} {{with index .Config.Labels \"$label_cron\"}}{{.}}{{end}}" "$1"; }

# Starts services one after another, oldest first, and waits until each is healthy.
start() {
  for id in $(printf '%s\n' "$1" | tac); do
    if is_swarm "$id"; then
      start_swarm "$id" || return 1
      continue
    fi
    case "$(restart_and_schedule "$id")" in
      # It is not started again: it has a successor.
      "no "?*) continue ;;
      # Its health is that of its last run.
      *" "?*) docker start "$id" >/dev/null || return 1 ;;
      *) docker start "$id" >/dev/null && await "$id" || return 1 ;;
    esac
  done
}

# Makes nginx drop its open files, which it caches for up to a minute (open_file_cache); the restore does not stop it. After a power
# failure, nginx may have failed to start without the stopped services, and the engine retries at growing intervals.
reopen_files() {
  for id in $(running_services --filter "label=$label_joins"); do
    case $(docker inspect --format '{{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}' "$id") in
      # After `docker kill`, the engine would not start it at a reboot.
      "running healthy") docker exec "$id" sh -c "kill -HUP 1" </dev/null || true ;;
      *) docker restart "$id" >/dev/null && await "$id" || true ;;
    esac
  done
}

await() {
  for _ in $(seq 1 240); do
    case $(docker inspect --format '{{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}' "$1") in
      "running healthy" | "running ") return 0 ;;
      "running "*)
        ! answers "$1" || return 0
        sleep 0.2
        ;;
      *) break ;;
    esac
  done
  say "$(names "$1") is not healthy:"
  docker logs --tail 20 "$1" 2>&1 | limit_lines | sed 's/^/  | /' >&2
  return 1
}

# Runs the health check directly, as the engine's next check may come only after many seconds. Fails for a check that spans lines, which
# only the engine runs.
answers() (
  id=$1
  docker inspect --format '{{len .Config.Healthcheck.Test}}{{range .Config.Healthcheck.Test}}{{println}}{{.}}{{end}}' "$id" >"$work/check"
  set --
  {
    read -r count
    while IFS= read -r word || [ -n "$word" ]; do set -- "$@" "$word"; done
  } <"$work/check"
  [ "$# $1" = "$count CMD" ] && shift && timeout 10 docker exec "$id" "$@" >/dev/null 2>&1 </dev/null
)

# Runs the jobs, e.g. migrations, as the backup may be older than the code.
run_jobs() {
  for id in $(of_stack ps --all --quiet --filter is-task=false --filter status=exited | tac); do
    [ "$(restart_and_schedule "$id")" = "no " ] || continue
    docker start --attach "$id" >"$work/job" 2>&1 || {
      say "$(names "$id") failed:"
      tail -n 20 "$work/job" | sed 's/^/  | /' >&2
      return 1
    }
  done
}
