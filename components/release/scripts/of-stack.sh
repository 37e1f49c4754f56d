#!/bin/sh
# shellcheck disable=SC2034 # for of_stack
# The stack whose things the script that follows finds by of_stack. Arguments: 1 = project, 2 = stack, the rest is the script's.
set -eu
project=$1 stack=$2
shift 2

