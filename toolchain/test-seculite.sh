#!/usr/bin/env bash
# Runs SecuLite's own tests in its image, against a PostgreSQL that lives as long as they do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly name=berth-seculite-test-$$
cleanup() {
  docker rm --force --volumes "$name" >/dev/null 2>&1 || true
  docker network rm "$name" >/dev/null 2>&1 || true
}
trap cleanup EXIT

echo "Building SecuLite's test image"
image=$(docker build --quiet --target test examples/seculite/backend)
docker network create --label berth.test=seculite "$name" >/dev/null
docker run --detach --name "$name" --network "$name" --network-alias postgres --label berth.test=seculite \
  --env POSTGRES_USER=tester --env POSTGRES_PASSWORD=only-for-tests postgres:15-alpine >/dev/null
for _ in $(seq 120); do
  docker exec "$name" pg_isready --quiet --host 127.0.0.1 --username tester && break
  sleep 0.5
done
toolchain/run-tests.sh examples/seculite/backend --network "$name" --label berth.test=seculite \
  --env DB_HOST=postgres --env DB_NAME=tester --env DB_USER=tester --env DB_PASSWORD=only-for-tests "$image" "$@"
