#!/usr/bin/env bash
# Makes the base images of the Dockerfiles and components available.
# Does nothing when Docker's registry is reachable. Otherwise builds stand-ins from Debian packages and serves them to
# Docker as a registry mirror, transparently to everything else. To remove them, remove the mirror from Docker's
# daemon.json and delete /var/lib/berth-standins.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly standins=$here/standins
readonly state=/var/lib/berth-standins

# To add one: its name here, and a Dockerfile in standins/<last part of the name>, or standins/<that>-<tag> for a tag with
# a separate recipe. Only tests use debian, node, registry, and PostgreSQL 15 and 17. Arguments add further images of a
# project: base-images.sh [image…].
readonly images=(
  debian:bookworm-slim
  python:3.11-slim
  node:24-alpine
  postgres:15-alpine
  postgres:16-alpine
  postgres:17-alpine
  nginx:alpine
  adminer:5
  registry:2
  certbot/certbot:v5.8.0
  goacme/lego:v5.6.0
  restic/restic:0.19.1
  haproxy:3.2-alpine
  "$@"
)

# shellcheck source-path=SCRIPTDIR source=../toolchain/machine.sh
. "$here/../toolchain/machine.sh"
# shellcheck source-path=SCRIPTDIR source=standins/debootstrap.sh
. "$standins/debootstrap.sh"
# shellcheck source-path=SCRIPTDIR source=standins/registry.sh
. "$standins/registry.sh"

recipe() {
  local name
  name=$standins/$(basename "${1%%:*}")
  if [ -d "$name-${1##*:}" ]; then printf '%s' "$name-${1##*:}"; else printf '%s' "$name"; fi
}
suite_of() { sed -n 's|^FROM berth-standins/base:\([a-z]*\).*|\1|p' "$(recipe "$1")/Dockerfile" | head -n 1; }
marker() { printf '%s/built/%s' "$state" "${1//[:\/]/-}"; }
fingerprint() { cat "$standins"/base/* "$(recipe "$1")"/* "$ca_bundle" 2>/dev/null | sha256sum; }

# Changes with the base's recipe and this machine's CA certificates, or when Docker no longer has it.
base_fingerprint() {
  cat "$standins"/base/* "$ca_bundle" 2>/dev/null | sha256sum
  docker image inspect "berth-standins/base:$1" --format '{{.Id}}' 2>/dev/null
}

stand_in_is_current() { [ "$(cat "$(marker "$1")" 2>/dev/null)" = "$(fingerprint "$1")" ]; }

engine_has_real() {
  [ "$(docker image inspect "$1" --format '{{index .Config.Labels "berth.standin"}}' 2>/dev/null || echo absent)" = "" ]
}

# Checks with Docker, not with the registry: Docker may have its own proxy or mirror.
engine_can_pull() {
  curl -fsS --max-time 10 --unix-socket /var/run/docker.sock "http://localhost/distribution/$1/json" >/dev/null 2>&1
}

can_be_had() {
  if [ -e "$(marker "$1")" ]; then stand_in_is_current "$1"; else engine_has_real "$1" || engine_can_pull "$1"; fi
}

mirror_is_up() {
  [ -d "$state" ] || return 0
  registry_answers 127.0.0.1 && registry_answers "$(bridge_address)" && mirror_is_known
}

missing_images() {
  local image
  for image in "${images[@]}"; do can_be_had "$image" || printf '%s\n' "$image"; done
}

install_tools() {
  local tool missing=()
  for tool in curl jq debootstrap; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing+=(debian-archive-keyring)
  [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
}

# In parallel, as a release mostly waits for downloads; few releases are in use.
make_bases() {
  local suite suites tarball job jobs=()
  mapfile -t suites < <(for image in "$@"; do suite_of "$image"; done | sort -u)
  for suite in "${suites[@]}"; do
    tarball=$state/debian/$suite.tar
    [ -e "$tarball" ] && continue
    announced "debootstrapping Debian $suite (about a minute)" debootstrap_tarball "$suite" "$tarball" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job" || fail "debootstrap failed"; done
  # Rebuilt only when it changed, so that later images share the base's layers.
  for suite in "${suites[@]}"; do
    [ "$(cat "$state/debian/$suite.base" 2>/dev/null)" = "$(base_fingerprint "$suite")" ] && continue
    announced "importing Debian $suite" import_base "$suite" "$state/debian/$suite.tar" "$standins/base"
    base_fingerprint "$suite" >"$state/debian/$suite.base"
  done
}

build() {
  local image=$1 context pushed=127.0.0.1:$registry_port/$1
  # Docker's own registry stores images without an owner under library/.
  [[ $image == */* ]] || pushed=127.0.0.1:$registry_port/library/$image
  context=$(mktemp -d)
  cp -rL "$(recipe "$image")"/. "$context"
  if [ -x "$context/prepare.sh" ]; then announced "downloading dependencies of $image" "$context/prepare.sh" "$context"; fi
  announced "building a stand-in for $image" docker build --tag "$pushed" "$context"
  rm -rf "$context"
  announced "serving it as $image" docker push "$pushed"
  # Pulled like any other image, which also tests the mirror.
  announced "pulling $image" docker pull "$image"
  docker rmi "$pushed" >/dev/null
  fingerprint "$image" >"$(marker "$image")"
}

"$here/../toolchain/docker-engine.sh"
command -v curl >/dev/null || { become_root "$@" && apt_install curl; }
if mirror_is_up; then
  mapfile -t missing < <(missing_images)
  [ ${#missing[@]} -gt 0 ] || exit 0
fi
become_root "$@"
mkdir -p "$state"/{built,debian,registry}
exec 9>"$state/lock"
flock -n 9 || { say "waiting for another run to finish" && flock 9; }
install_tools
start_registry "$state" "$standins/registry.yml"
give_mirror_to_engine
mapfile -t missing < <(missing_images)
[ ${#missing[@]} -gt 0 ] || exit 0
say "stand-ins needed for: ${missing[*]}"
make_bases "${missing[@]}"
for image in "${missing[@]}"; do build "$image"; done
say "all base images are available"
