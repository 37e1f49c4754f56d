#!/bin/sh
# Argument: 1 = name of the volume.
docker volume create "$1" >/dev/null
