#!/bin/sh
# Lets the passphrase on standard input open the backups too, before a container comes that has no other. Only the one that runs knows
# the passphrase of before; where there is none, the new one sets those backups aside.
# Arguments: 1 = project, 2 = stack.
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2
id=$(of_stack ps --quiet --filter "label=$label_backups=true" | head -n 1)
[ -n "$id" ] || exit 0
# 2: an earlier version, which does not know the word.
docker exec --interactive "$id" sh /opt/berth/backups.sh accept-passphrase || [ $? = 2 ]
