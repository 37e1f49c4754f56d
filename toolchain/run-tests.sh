#!/usr/bin/env bash
# Runs an application's tests in its image, which does not have them, so that another test is no other release:
# run-tests.sh <folder with tests> <words of docker create>…
set -euo pipefail

readonly folder=$1
shift
container=$(docker create "$@")
trap 'docker rm --force --volumes "$container" >/dev/null' EXIT
# Readable for its user, whatever they are here.
tar --create --directory "$folder" --mode=a+rX,go-w --exclude=__pycache__ tests | docker cp - "$container:/app"
docker start --attach "$container"
