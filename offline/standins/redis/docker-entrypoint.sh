#!/bin/sh
# As the official image: options or a configuration file are redis-server's, and it runs as user redis.
set -e

case ${1:-} in -* | *.conf) set -- redis-server "$@" ;; esac

if [ "$1" = redis-server ] && [ "$(id -u)" -eq 0 ]; then
  find . ! -user redis -exec chown redis '{}' +
  exec setpriv --reuid redis --regid redis --clear-groups "$0" "$@"
fi
if [ "$1" = redis-server ]; then
  # The official build is made without it, as a container's network is its protection; a file of the user's decides.
  [ $# -gt 1 ] || set -- "$@" --protected-mode no
  umask 0077
fi
exec "$@"
