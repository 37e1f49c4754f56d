#!/usr/bin/env bash
# Static checks of everything: format, lint, types, dead code. Installs the linters that are missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

toolchain/python-tools.sh
readonly tools=.tools

step() {
  echo "- $1"
  shift
  "$@"
}

mapfile -t shell_scripts < <(git ls-files --cached --others --exclude-standard '*.sh' .ci/run toolchain/pulumi-analyzer-policy)
step "format and lint: TypeScript, JSON" npx --no-install biome check --error-on-warnings .
step "types" npx --no-install tsc --noEmit
step "dead code and dependencies" npx --no-install knip
step "lint: Python" "$tools/bin/ruff" check --quiet backend
step "format: Python" "$tools/bin/ruff" format --quiet --check backend
step "lint: shell" "$tools/bin/shellcheck" --external-sources "${shell_scripts[@]}"
step "lint: Dockerfiles" "$tools/bin/hadolint" --config toolchain/hadolint.yaml backend/Dockerfile nginx/Dockerfile components/data/backups/Dockerfile
# host_spoofing: the port people use must reach Django, and only $http_host has it; Django refuses names it does not know.
step "lint: nginx.conf, as rendered" env PYTHONPATH="$tools" "$tools/bin/gixy" --skips host_spoofing test/unit/golden/nginx-*.conf
if command -v gofmt >/dev/null; then
  step "format: Go" test -z "$(gofmt -l toolchain/go)"
fi
