# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Prints what is known of each release: a line each, its number, when, and its labels as JSON; after them the images in use.
set -eu
for tag in $(docker image ls --format '{{.Tag}}' "$project-$stack/release" | sort -rn); do
  docker image inspect --format "release $tag {{.Created}} {{json .Config.Labels}}" "$project-$stack/release:$tag"
done
of_stack ps --format 'runs {{.Image}}'
