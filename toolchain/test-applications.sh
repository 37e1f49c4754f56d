#!/usr/bin/env bash
# Runs the applications' own tests in their images, against temporary databases:
# test-applications.sh [folder]…, by default all.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly name=berth-application-test-$$
readonly database=postgres://tester:only-for-tests@postgres:5432/tester

main() {
  readonly chosen=("$@")
  trap take_away EXIT
  tested backend "postgres:16-alpine" DATABASE_URL="$database"
  tested examples/seculite/backend "postgres:15-alpine" DB_HOST=postgres DB_NAME=tester DB_USER=tester DB_PASSWORD=only-for-tests
  tested examples/devportal/backend "postgres:15-alpine redis:7-alpine" DATABASE_URL="$database" REDIS_URL=redis://redis:6379/0
}

# tested FOLDER "IMAGES OF ITS SERVICES" [NAME=VALUE]…: one after the other, each on a network with its services.
tested() {
  local folder=$1 images=$2 service image
  shift 2
  [[ ${#chosen[@]} == 0 || " ${chosen[*]} " == *" $folder "* ]] || return 0
  docker network create "$name" >/dev/null
  for service in $images; do start "$service"; done
  echo "Building the test image of $folder"
  image=$(docker build --quiet --target test "$folder")
  wait_for_postgres
  run_tests "$folder" "$image" "$@"
  take_away
}

take_away() {
  docker ps --all --quiet --filter "label=berth.test=$name" | xargs -r docker rm --force --volumes >/dev/null
  docker network rm "$name" >/dev/null 2>&1 || true
}

# The tests reach it by its image's name.
start() {
  docker run --detach --network "$name" --network-alias "${1%%:*}" --label "berth.test=$name" \
    --env POSTGRES_USER=tester --env POSTGRES_PASSWORD=only-for-tests "$1" >/dev/null
}

wait_for_postgres() {
  local container
  container=$(docker ps --quiet --filter "network=$name" --filter "label=berth.test=$name" | tail -n 1)
  for _ in $(seq 120); do
    docker exec "$container" pg_isready --quiet --host 127.0.0.1 --username tester && return
    sleep 0.5
  done
  return 1
}

# The image does not contain the tests, so a changed test does not change the release.
run_tests() {
  local folder=$1 image=$2 container
  shift 2
  container=$(docker create --network "$name" --label "berth.test=$name" "${@/#/--env=}" "$image")
  # Readable for the container's user, regardless of the modes here.
  tar --create --directory "$folder" --mode=a+rX,go-w --exclude=__pycache__ tests | docker cp - "$container:/app"
  docker start --attach "$container"
}

main "$@"
