#!/bin/sh
# shellcheck disable=SC2034 # of_stack and the script that follows use the variables
# Functions for scripts that connect to a Redis server, which they find by its labels.
# Arguments: 1 = project, 2 = stack, 3 = service.
project=$1 stack=$2
id=$(of_stack ps --quiet --filter "label=$label_service=$3")

# Runs commands from standard input as the operator inside the container. Checks the answers, as redis-cli exits with 0 on errors.
as_operator() {
  answers=$(docker exec --interactive "$id" sh -c '{ printf "AUTH operator %s\n" "$(cat /etc/redis/operator-password)"; cat; } | redis-cli')
  ! printf '%s\n' "$answers" | grep -Evx 'OK|[0-9]+' >&2
}
