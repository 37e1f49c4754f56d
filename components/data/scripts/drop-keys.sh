#!/bin/sh
# Lets the running backup container remove all passphrases of the backups except its own.
# Arguments: 1 = project, 2 = stack.
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2
id=$(of_stack ps --quiet --filter "label=$label_backups=true" | head -n 1)
[ -n "$id" ] || exit 0
docker exec "$id" sh /opt/berth/backups.sh drop-passphrases
