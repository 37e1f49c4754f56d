#!/usr/bin/env bash
# All static checks: format, lint, types, dead code. Installs the linters that are missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

toolchain/python-tools.sh
readonly tools=.tools

step() {
  echo "- $1"
  shift
  "$@"
}

actionlint=$(test/servers/go/build.sh toolchain/actionlint "actionlint, the linter of workflows")
readonly actionlint
mapfile -t shell_scripts < <(git ls-files --cached --others --exclude-standard '*.sh' .ci/run)
step "format and lint: TypeScript, JSON" npx --no-install biome check --error-on-warnings .
step "types" npx --no-install tsc --noEmit
# Declarations need names that the program itself can do without.
step "types of the package" npx --no-install tsc --project components/tsconfig.json --noEmit
step "dead code and dependencies" npx --no-install knip
step "reference of the components" npx --no-install typedoc --emit none --logLevel Warn
for project in . examples/*; do
  step "generated from the settings of $project" env -C "$project" "PATH=$PWD/node_modules/.bin:$PATH" berth settings --check
done
mapfile -t backends < <(git ls-files 'backend/manage.py' 'examples/*/backend/pyproject.toml' | xargs -n 1 dirname)
step "lint: Python" "$tools/bin/ruff" check --quiet "${backends[@]}"
step "format: Python" "$tools/bin/ruff" format --quiet --check "${backends[@]}"
step "lint: shell" "$tools/bin/shellcheck" --external-sources "${shell_scripts[@]}"
mapfile -t dockerfiles < <(git ls-files backend/Dockerfile nginx/Dockerfile 'components/*/Dockerfile' 'examples/*/Dockerfile')
step "lint: Dockerfiles" "$tools/bin/hadolint" --config toolchain/hadolint.yaml "${dockerfiles[@]}"
# host_spoofing: Django needs the port of the request, and only $http_host has it; Django refuses unknown names.
step "lint: nginx.conf, as rendered" env PYTHONPATH="$tools" "$tools/bin/gixy" --skips host_spoofing test/components/edge/golden/nginx-*.conf test/examples/golden/nginx-*.conf
step "lint: workflows of GitHub Actions" "$actionlint/actionlint" -shellcheck "$tools/bin/shellcheck" .github/workflows/*.yml
step "schema of GitLab CI" env PYTHONPATH="$tools" "$tools/bin/check-jsonschema" --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci .gitlab-ci.yml
if command -v gofmt >/dev/null; then
  step "format: Go" test -z "$(gofmt -l offline/go)"
fi
