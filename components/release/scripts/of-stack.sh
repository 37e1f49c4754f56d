#!/bin/sh
# shellcheck disable=SC2034 # for of_stack
# Sets the stack for of_stack in the script that follows. Arguments: 1 = project, 2 = stack, the rest = arguments of that script.
set -eu
project=$1 stack=$2
shift 2

