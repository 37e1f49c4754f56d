#!/usr/bin/env bash
# Installs the tools of checks and tests that come from PyPI, into the project's folder, without root or a venv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly tools=.tools requirements=toolchain/requirements-tools.txt
cmp --silent "$requirements" "$tools/requirements.txt" && exit 0
echo "Installing $(sed 's/==.*//' "$requirements" | paste -s -d ' ')"
rm -rf "$tools"
python3 -m pip install --quiet --disable-pip-version-check --target "$tools" --requirement "$requirements"
cp "$requirements" "$tools/requirements.txt"
