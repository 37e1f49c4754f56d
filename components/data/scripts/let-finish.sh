#!/bin/sh
# Stops the container of the backups without breaking off what it does, and says what that is while it takes long.
# Argument: 1 = container.
there() { docker inspect "$1" >/dev/null 2>&1; }

there "$1" || exit 0
# Less than nothing stands for however long.
docker stop -t -1 "$1" >/dev/null &
stopping=$!
turn=0
while kill -0 "$stopping" 2>/dev/null; do
  turn=$((turn + 1))
  if [ $((turn % 300)) = 15 ] && doing=$(docker exec "$1" sh /opt/berth/backups.sh under-way 2>/dev/null); then
    echo "Waiting until the old container of the backups has ended what it does: $doing. To break it off: docker kill $1"
  fi
  sleep 0.2
done
wait "$stopping" || ! there "$1"
