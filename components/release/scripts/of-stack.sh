#!/bin/sh
# What a stack has on the server, for the scripts that follow. Arguments: 1 = project, 2 = stack, the rest is theirs.
set -eu
project=$1 stack=$2
shift 2

of_stack() { "$@" --filter "label=berth.project=$project" --filter "label=berth.stack=$stack"; }

