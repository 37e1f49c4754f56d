#!/bin/sh
# Adds the passphrase on standard input to the backups before a container starts that has only the new one. Only the running container
# knows the previous passphrase. If none runs, the new container sets the existing backups aside.
# Arguments: 1 = project, 2 = stack.
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2
id=$(of_stack ps --quiet --filter "label=$label_backups=true" | head -n 1)
[ -n "$id" ] || exit 0
# Exit code 2: the container has an earlier version without this command.
docker exec --interactive "$id" sh /opt/berth/backups.sh accept-passphrase || [ $? = 2 ]
