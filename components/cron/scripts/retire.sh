#!/bin/sh
# Ends the container of a scheduled job, which a release replaces or removes: it starts no further run. Waits for its current run, or leaves it
# running if it has a successor. The engine's stop signal makes the runner hand the schedule over.
# Arguments: 1 = container, 2 = wait (Pulumi deletes the container) or leave (this script does), 3 = project, 4 = stack, 5 = name of the job.
# shellcheck disable=SC2034 # for of_stack
id=$1 project=$3 stack=$4
main() {
  if [ -n "$(successors)" ]; then
    ! container_exists "$id" || if [ "$2" = leave ]; then leave; else stop "$id"; fi
    return
  fi
  # The job is removed, with containers that earlier releases left running.
  for other in $(of_stack ps --all --quiet --no-trunc --filter "label=$label_service=$job"); do
    stop "$other" || return 1
    [ "$other $2" = "$id wait" ] || docker rm --volumes "$other" >/dev/null || return 1
  done
}

# Prints the containers of the job that the engine restarts, without this one.
successors() {
  of_stack ps --all --quiet --no-trunc --filter "label=$label_service=$job" | while read -r other; do
    [ "$other" != "$id" ] && [ "$(docker inspect --format '{{.HostConfig.RestartPolicy.Name}}' "$other")" != no ] && echo "$other"
  done
}

# Without a restart, also after a reboot of the server, which interrupts the run. Once it has ended, sweep.sh removes the container.
leave() {
  docker update --restart no "$id" >/dev/null || return 1
  ! runs "$id" || docker kill --signal TERM "$id" >/dev/null || ! runs "$id" || return 1
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    if ! runs "$id"; then
      docker rm --volumes "$id" >/dev/null
      return
    fi
    sleep 0.3
  done
  echo "The scheduled job $job completes its run in the previous container."
}

runs() { [ "$(docker inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }

# Stops a container after its current run, whose timeout the runner keeps, and reports the run if that takes long.
stop() {
  # A negative timeout waits indefinitely.
  docker stop -t -1 "$1" >/dev/null &
  stopping=$!
  turn=0
  while kill -0 "$stopping" 2>/dev/null; do
    turn=$((turn + 1))
    if [ $((turn % 300)) = 15 ] && doing=$(docker exec "$1" sh /opt/berth-cron/cron.sh under-way 2>/dev/null); then
      echo "Waiting for the scheduled job $job: $doing. To interrupt it: docker kill $1"
    fi
    sleep 0.2
  done
  wait "$stopping" || ! container_exists "$1"
}

job=$5
main "$@"
