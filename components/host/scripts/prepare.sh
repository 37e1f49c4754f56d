#!/bin/sh
# Runs on the server: installs Docker when it is absent and sets it up for releases nobody notices.
# Arguments: 1 = daemon settings (JSON), 2 = the account that deploys, 3 = a drop-in for docker.service,
# 4 = one for sshd.
main() {
  set -eu
  settings=$1
  account=$2
  # Without the end of its last line, as it is read back.
  drop_in=$(printf '%s' "$3")
  sshd_drop_in=$4
  # Not every account's shell looks where the engine is.
  PATH=$PATH:/usr/sbin:/sbin
  if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo -n"; fi
  $sudo true || fail "The account $account may not use sudo without a password. Allow it (echo '$account ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/$account, as root) or set serverUser to root."
  check_kernel
  command -v apt-get >/dev/null || fail "This server is no Ubuntu or Debian (there is no apt-get)."
  install_packages
  let_sshd_take_many_sessions
  restart_what_lost_its_sandbox
  configure_daemon
  $sudo systemctl enable --quiet --now docker
  if [ -n "$sudo" ] && ! id -nG "$account" | grep -qw docker; then
    say "Letting $account use Docker"
    $sudo usermod -aG docker "$account"
  fi
  $sudo docker version --format 'Docker {{.Server.Version}} is ready.' >&2
}

say() { echo "$@" >&2; }
fail() { say "$@"; exit 1; }

# The kernel's setting that moves waiting connections from an old listener to the new one came with Linux 5.14.
check_kernel() {
  [ -e /proc/sys/net/ipv4/tcp_migrate_req ] || fail "The kernel $(uname -r) is too old: Linux 5.14 or newer is needed (Ubuntu 22.04 has 5.15)."
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

# What the server's owner has set stays.
let_sshd_take_many_sessions() {
  file=/etc/ssh/sshd_config.d/berth.conf
  defaults=$($sudo sshd -T 2>/dev/null | grep -cx -e 'maxsessions 10' -e 'maxstartups 10:30:100' || true)
  [ "$defaults" = 2 ] || return 0
  $sudo mkdir -p "${file%/*}"
  printf '%s\n' "$sshd_drop_in" | write_file $file
  if $sudo sshd -t && $sudo systemctl reload ssh; then return 0; fi
  $sudo rm $file
  say "sshd does not take $file: it is as it was."
}

# Keeps settings of others: ours are merged into what is there.
configure_daemon() {
  file=/etc/docker/daemon.json
  $sudo mkdir -p /etc/docker
  before=$($sudo cat $file 2>/dev/null || true)
  after=$(printf '%s\n%s\n' "${before:-{\}}" "$settings" | jq -s '.[0] * .[1]') ||
    fail "$file is no valid JSON, so nothing can be merged into it. Correct or remove it."
  [ "$before" != "$after" ] || return 0
  say "Setting up Docker ($file)"
  printf '%s\n' "$after" | write_file $file
  # Reloaded first: with live-restore at work, containers that run already outlive the restart the other settings need.
  ! $sudo systemctl is-active --quiet docker || $sudo systemctl reload docker
  $sudo systemctl restart docker
}

restart_what_lost_its_sandbox() {
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
