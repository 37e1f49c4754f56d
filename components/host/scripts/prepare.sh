#!/bin/sh
# Runs on the server: installs Docker if it is missing, and configures it for zero-downtime deploys.
# Arguments: 1 = daemon settings (JSON), 2 = the account that deploys, 3 = a drop-in for docker.service, 4 = a drop-in for sshd.
main() {
  set -eu
  settings=$1
  account=$2
  # Without the final newline, like the command substitution that reads it back.
  drop_in=$(printf '%s' "$3")
  sshd_drop_in=$4
  # Not every shell has the engine's folder in PATH.
  PATH=$PATH:/usr/sbin:/sbin
  if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo -n"; fi
  $sudo true || fail "The account $account may not use sudo without a password. Allow it (echo '$account ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/$account, as root) or set serverUser to root."
  check_kernel
  command -v apt-get >/dev/null || fail "This server has no apt-get. Use Ubuntu or Debian."
  install_packages
  raise_sshd_limits
  install_drop_in
  configure_daemon
  $sudo systemctl enable --quiet --now docker
  if [ -n "$sudo" ] && ! id -nG "$account" | grep -qw docker; then
    say "Adding $account to the group docker"
    $sudo usermod -aG docker "$account"
  fi
  $sudo docker version --format 'Docker {{.Server.Version}} is ready.' >&2
}

say() { echo "$@" >&2; }
fail() { say "$@"; exit 1; }

# Linux 5.14 added the setting that moves pending connections from a closed listener to another one.
check_kernel() {
  [ -e /proc/sys/net/ipv4/tcp_migrate_req ] || fail "The kernel $(uname -r) is too old: Berth needs Linux 5.14 or later (Ubuntu 22.04 has 5.15)."
}

install_packages() {
  packages=""
  command -v dockerd >/dev/null || packages="docker.io iptables"
  command -v jq >/dev/null || packages="$packages jq"
  [ -n "$packages" ] || return 0
  say "Installing$([ "${packages#docker}" = "$packages" ] || echo " Docker")${packages:+ (}$packages)"
  $sudo apt-get update -qq >&2
  # shellcheck disable=SC2086 # one word a package
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
}

# Raises the limits only if they have their defaults.
raise_sshd_limits() {
  file=/etc/ssh/sshd_config.d/berth.conf
  defaults=$($sudo sshd -T 2>/dev/null | grep -cx -e 'maxsessions 10' -e 'maxstartups 10:30:100' || true)
  [ "$defaults" = 2 ] || return 0
  $sudo mkdir -p "${file%/*}"
  printf '%s\n' "$sshd_drop_in" | write_file $file
  if $sudo sshd -t && $sudo systemctl reload ssh; then return 0; fi
  $sudo rm $file
  say "sshd rejects $file. The file is removed and sshd is unchanged."
}

# Merges Berth's settings into the file and keeps all others.
configure_daemon() {
  file=/etc/docker/daemon.json
  $sudo mkdir -p /etc/docker
  before=$($sudo cat $file 2>/dev/null || true)
  after=$(printf '%s\n%s\n' "${before:-{\}}" "$settings" | jq -s '.[0] * .[1]') ||
    fail "$file is not valid JSON, so Berth cannot merge its settings into it. Correct or remove it."
  [ "$before" != "$after" ] || return 0
  say "Configuring Docker ($file)"
  printf '%s\n' "$after" | write_file $file
  # The reload enables live-restore, so that running containers survive the restart, which the other settings need.
  ! $sudo systemctl is-active --quiet docker || $sudo systemctl reload docker
  $sudo systemctl restart docker
}

install_drop_in() {
  directory=/etc/systemd/system/docker.service.d
  $sudo mkdir -p $directory
  [ "$($sudo cat $directory/berth.conf 2>/dev/null || true)" != "$drop_in" ] || return 0
  printf '%s\n' "$drop_in" | write_file $directory/berth.conf
  $sudo systemctl daemon-reload
}

write_file() {
  # shellcheck disable=SC2016 # the inner shell expands them
  $sudo sh -c 'umask 022; cat > "$1.new" && mv "$1.new" "$1"' sh "$1"
}

main "$@" </dev/null
