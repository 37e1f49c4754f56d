#!/bin/sh
# Only volumes with data have the label of a stack. Arguments: 1 = name of the volume, 2 = project.
docker volume create --label "$label_project=$2" "$1" >/dev/null
