#!/bin/sh
# Prints what is known of each release: a line each, its number, when, and its labels as JSON; after them the images in use.
# Arguments: 1 = <project>-<stack>.
set -eu
for tag in $(docker image ls --format '{{.Tag}}' "$1/release" | sort -rn); do
  docker image inspect --format "release $tag {{.Created}} {{json .Config.Labels}}" "$1/release:$tag"
done
docker ps --filter "name=$1-" --format 'runs {{.Image}}'
