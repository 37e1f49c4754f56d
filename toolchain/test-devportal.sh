#!/usr/bin/env bash
# Runs DevPortal's own tests in its image, against a PostgreSQL and a Redis that live as long as they do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly name=berth-devportal-test-$$
cleanup() {
  docker rm --force --volumes "$name-postgres" "$name-redis" >/dev/null 2>&1 || true
  docker network rm "$name" >/dev/null 2>&1 || true
}
trap cleanup EXIT

echo "Building DevPortal's test image"
image=$(docker build --quiet --target test examples/devportal/backend)
docker network create --label berth.test=devportal "$name" >/dev/null
docker run --detach --name "$name-postgres" --network "$name" --network-alias postgres --label berth.test=devportal \
  --env POSTGRES_USER=tester --env POSTGRES_PASSWORD=only-for-tests postgres:15-alpine >/dev/null
docker run --detach --name "$name-redis" --network "$name" --network-alias redis --label berth.test=devportal redis:7-alpine >/dev/null
for _ in $(seq 120); do
  docker exec "$name-postgres" pg_isready --quiet --host 127.0.0.1 --username tester && break
  sleep 0.5
done
toolchain/run-tests.sh examples/devportal/backend --network "$name" --label berth.test=devportal \
  --env DATABASE_URL=postgresql://tester:only-for-tests@postgres:5432/tester --env REDIS_URL=redis://redis:6379/0 "$image" "$@"
