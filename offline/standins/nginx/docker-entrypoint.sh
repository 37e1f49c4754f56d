#!/bin/sh
# As the official image: before nginx starts, runs what lies in /docker-entrypoint.d.
# shellcheck disable=SC1090
set -e

if [ "$1" = nginx ]; then
  for file in /docker-entrypoint.d/*; do
    [ -x "$file" ] || continue
    case $file in
      *.envsh) . "$file" ;;
      *) "$file" ;;
    esac
  done
fi
exec "$@"
