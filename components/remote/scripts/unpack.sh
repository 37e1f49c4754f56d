# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Prints the sources of a release as a tar archive in base64. Fails if one of its images no longer exists.
# Arguments: 1 = number of the release, the rest = its images.
set -eu
release=$project-$stack/release:$1
shift
for image in "$@"; do
  docker image inspect "$image" >/dev/null 2>&1 || {
    echo "The image $image is no longer on the server. Check out the commit and deploy it instead." >&2
    exit 1
  }
done
id=$(docker create "$release" none)
docker cp "$id:/release" - | base64 -w 0
docker rm "$id" >/dev/null
