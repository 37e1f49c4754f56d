# shellcheck shell=bash
# Builds the Debian bases of the stand-ins: debootstrap → tarball (kept) → berth-standins/base:<suite>. Sourced, not run.

readonly ca_bundle=/etc/ssl/certs/ca-certificates.crt

# The mirror this machine's own apt uses; on Ubuntu none is found, and debootstrap uses its default.
debian_mirror() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Label: Debian' 2>/dev/null | head -n 1
}

debootstrap_tarball() {
  local suite=$1 tarball=$2 root scripts=/usr/share/debootstrap/scripts
  # Left-overs of an interrupted run.
  rm -rf "${tarball%.tar}".*/
  root=$(mktemp -d "$(dirname "$tarball")/$suite.XXXXXX")
  local script=$scripts/$suite
  # A release newer than this debootstrap is built like the development one.
  [ -e "$script" ] || script=$scripts/sid
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$(debian_mirror)" "$script" || return
  rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/log/* \
    "$root"/usr/share/{doc,man,locale,info}/*
  tar --numeric-owner -C "$root" -cf "$tarball.part" . || return
  rm -rf "$root"
  mv "$tarball.part" "$tarball"
}

# The certificates of this machine's bundle that the base's own bundle lacks, one file each:
# as local certificates they survive an upgrade of the ca-certificates package.
own_certificates() {
  local theirs=$1 into=$2
  awk -v into="$into" '
    /BEGIN CERTIFICATE/ { pem = ""; inside = 1 }
    inside { pem = pem $0 "\n" }
    /END CERTIFICATE/ {
      inside = 0
      if (NR == FNR) known[pem] = 1
      else if (!(pem in known)) { known[pem] = 1; printf "%s", pem > (into "/machine-" ++count ".crt") }
    }' "$theirs" "$ca_bundle"
}

import_base() {
  local suite=$1 tarball=$2 recipe=$3 context
  docker import "$tarball" "berth-standins/debian:$suite" || return
  context=$(mktemp -d)
  cp "$recipe"/* "$context"
  mkdir "$context/ca"
  docker run --rm "berth-standins/debian:$suite" cat "$ca_bundle" >"$context/theirs.crt" || return
  own_certificates "$context/theirs.crt" "$context/ca"
  # COPY needs a file, also on a machine without its own CA certificates.
  touch "$context/ca/.keep"
  docker build --build-arg "SUITE=$suite" --tag "berth-standins/base:$suite" "$context" || return
  rm -rf "$context"
}
