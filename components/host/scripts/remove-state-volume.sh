#!/bin/sh
# Argument: 1 = name of the volume, which somebody may have removed.
! docker volume inspect "$1" >/dev/null 2>&1 || docker volume rm "$1" >/dev/null
