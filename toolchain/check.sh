#!/usr/bin/env bash
# Static checks of everything: format, lint, types, dead code. Installs the linters that are missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Linters that are not npm packages come from PyPI, into a folder of the project's own.
readonly tools=.venv/bin
if [ "$(cat .venv/requirements 2>/dev/null)" != "$(cat toolchain/requirements-check.txt)" ]; then
  echo "Installing ruff and shellcheck"
  python3 -m venv .venv
  "$tools/pip" install --quiet --disable-pip-version-check --requirement toolchain/requirements-check.txt
  cp toolchain/requirements-check.txt .venv/requirements
fi

step() {
  echo "- $1"
  shift
  "$@"
}

mapfile -t shell_scripts < <(git ls-files --cached --others --exclude-standard '*.sh' .ci/run)
step "format and lint: TypeScript, JSON" npx --no-install biome check --error-on-warnings .
step "types" npx --no-install tsc --noEmit
step "dead code and dependencies" npx --no-install knip
step "lint: Python" "$tools/ruff" check --quiet backend
step "format: Python" "$tools/ruff" format --quiet --check backend
step "lint: shell" "$tools/shellcheck" --external-sources "${shell_scripts[@]}"
if command -v gofmt >/dev/null; then
  step "format: Go" test -z "$(gofmt -l toolchain/go)"
fi
