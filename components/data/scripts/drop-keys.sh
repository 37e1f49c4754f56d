#!/bin/sh
# From now on only the passphrase of the container that runs opens the backups. It sees to that by itself.
# Arguments: 1 = project, 2 = stack.
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2
id=$(of_stack ps --quiet --filter "label=$label_backups=true" | head -n 1)
[ -n "$id" ] || exit 0
docker exec "$id" sh /opt/berth/backups.sh drop-passphrases
