#!/usr/bin/env bash
# Builds both production images, starts each of them alone, and removes everything it made, also when it fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/app"

readonly name=antone-image-test-$$
readonly wait_seconds=60
# Options and image of a container of the backend.
readonly backend=(--env "DATABASE_URL=postgresql://antone@postgres:5432/antone" --tmpfs "/run/antone:uid=1001,gid=1001" "$name-backend-image")

main() {
  trap remove_all EXIT
  docker network create "$name" >/dev/null
  build backend Dockerfile
  build dashboard packages/dashboard/Dockerfile
  start postgres --env POSTGRES_USER=antone --env POSTGRES_DB=antone --env POSTGRES_PASSWORD=only-for-tests postgres:17-alpine
  await postgres pg_isready --quiet --host 127.0.0.1 --username antone
  start migrate "${backend[@]}" node packages/database/dist/migrate.js
  [[ $(docker wait "$name-migrate") == 0 ]] || fail migrate "does not migrate an empty database"
  start api "${backend[@]}"
  await api wget --quiet --tries=1 --output-document=- http://127.0.0.1:3001/health
  start worker "${backend[@]}" node packages/worker/dist/index.js
  await worker node packages/worker/dist/healthy.js
  start dashboard --tmpfs /tmp "$name-dashboard-image"
  await dashboard wget --quiet --tries=1 --spider http://127.0.0.1:3000/
  echo "Both images are built, and API, worker and dashboard start."
}

# build NAME DOCKERFILE
build() {
  echo "Building the image of the $1"
  docker build --quiet --target production --file "$2" --tag "$name-$1-image" . >/dev/null
}

# start NAME [OPTION]… IMAGE [WORD]…: the others reach it by that name. The application's containers get their secrets as files.
start() {
  local container=$1
  shift
  docker create --name "$name-$container" --network "$name" --network-alias "$container" --label "berth.test=$name" "$@" >/dev/null
  [[ $container == postgres || $container == dashboard ]] || secrets | docker cp - "$name-$container:/"
  docker start "$name-$container" >/dev/null
}

# A tar archive with the files, readable for the image's user.
secrets() {
  local folder
  folder=$(mktemp -d)
  mkdir -p "$folder/run/secrets"
  printf only-for-tests >"$folder/run/secrets/database-password"
  printf 'only for tests' >"$folder/run/secrets/operator-password"
  printf 'only for tests, of 32 characters' >"$folder/run/secrets/jwt-secret"
  tar --create --directory "$folder" --mode=a+rX run/secrets
  rm -r "$folder"
}

# await NAME COMMAND…: until the command succeeds in the container.
await() {
  local container=$1
  shift
  for _ in $(seq "$wait_seconds"); do
    docker exec "$name-$container" "$@" >/dev/null 2>&1 && return
    sleep 1
  done
  fail "$container" "is not healthy after $wait_seconds s"
}

fail() {
  echo "The container $1 $2. Its log:" >&2
  docker logs "$name-$1" >&2
  exit 1
}

remove_all() {
  docker ps --all --quiet --filter "label=berth.test=$name" | xargs -r docker rm --force --volumes >/dev/null
  docker network rm "$name" >/dev/null 2>&1 || true
  docker image rm "$name-backend-image" "$name-dashboard-image" >/dev/null 2>&1 || true
}

main "$@"
