#!/usr/bin/env bash
# Runs the application's tests in its own image, against a PostgreSQL that lives as long as they do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly name=berth-backend-test-$$
cleanup() {
  docker rm --force --volumes "$name" >/dev/null 2>&1 || true
  docker network rm "$name" >/dev/null 2>&1 || true
}
trap cleanup EXIT

echo "Building the application's test image"
image=$(docker build --quiet --target test backend)
docker network create --label berth.test=backend "$name" >/dev/null
docker run --detach --name "$name" --network "$name" --network-alias postgres --label berth.test=backend \
  --env POSTGRES_USER=tester --env POSTGRES_PASSWORD=only-for-tests postgres:16-alpine >/dev/null
for _ in $(seq 120); do
  docker exec "$name" pg_isready --quiet --host 127.0.0.1 --username tester && break
  sleep 0.5
done
toolchain/run-tests.sh backend --network "$name" --label berth.test=backend --env DATABASE_URL=postgres://tester:only-for-tests@postgres:5432/tester "$image"
