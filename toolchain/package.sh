#!/usr/bin/env bash
# Packs the components for projects elsewhere: dist/berth-<version>.tgz, compiled, with their types and scripts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rm -rf dist
npx --no-install tsc --project components/tsconfig.json
# What the compiler does not take along; the entry is JavaScript there.
(cd components && find . -type f ! -name '*.ts' ! -name tsconfig.json ! -path './node_modules/*' -exec cp --parents {} ../dist/berth \;)
sed -i 's|"main": "index.ts"|"main": "index.js"|' dist/berth/package.json
npm pack --silent --pack-destination dist ./dist/berth
