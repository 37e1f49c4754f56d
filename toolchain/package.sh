#!/usr/bin/env bash
# Packs the components for projects elsewhere: dist/berth-<version>.tgz, compiled, with their types and scripts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rm -rf dist
npx --no-install tsc --project components/tsconfig.json
# What the compiler does not take along; the entries are JavaScript there.
(cd components && find . -type f ! -name '*.ts' ! -name '*.mts' ! -name tsconfig.json ! -path './node_modules/*' -exec cp --parents {} ../dist/berth \;)
sed -i 's|\.ts"|.js"|' dist/berth/package.json
npm pack --silent --pack-destination dist ./dist/berth
