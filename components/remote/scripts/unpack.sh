# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Prints the sources of a release, a tar archive in base64, and fails unless its images are all there.
# Arguments: 1 = its number, the rest = the images it was made of.
set -eu
release=$project-$stack/release:$1
shift
for image in "$@"; do
  docker image inspect "$image" >/dev/null 2>&1 || {
    echo "The image $image is not on the server any more. Check out the commit and deploy it instead." >&2
    exit 1
  }
done
id=$(docker create "$release" none)
docker cp "$id:/release" - | base64 -w 0
docker rm "$id" >/dev/null
