#!/bin/sh
# Stops the backup container after its current task, and reports the task if the stop takes long.
# Argument: 1 = container.
container_exists "$1" || exit 0
# A negative timeout waits indefinitely.
docker stop -t -1 "$1" >/dev/null &
stopping=$!
turn=0
while kill -0 "$stopping" 2>/dev/null; do
  turn=$((turn + 1))
  if [ $((turn % 300)) = 15 ] && doing=$(docker exec "$1" sh /opt/berth/backups.sh under-way 2>/dev/null); then
    echo "Waiting for the previous backup container to complete its task: $doing. To interrupt it: docker kill $1"
  fi
  sleep 0.2
done
wait "$stopping" || ! container_exists "$1"
