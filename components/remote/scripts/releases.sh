# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Prints one line a release: its number, time and labels as JSON. Then prints the images in use.
set -eu
for tag in $(docker image ls --format '{{.Tag}}' "$project-$stack/release" | sort -rn); do
  docker image inspect --format "release $tag {{.Created}} {{json .Config.Labels}}" "$project-$stack/release:$tag"
done
of_stack ps --format 'runs {{.Image}}'
