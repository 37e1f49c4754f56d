#!/usr/bin/env bash
# Makes sure that a Docker engine answers on this machine. Does nothing if one does.
# For Debian 12 and Ubuntu 22.04/24.04, as root or as a user with sudo.
set -euo pipefail

readonly log=/var/log/dockerd.log
readonly wait_seconds=60

say() { printf 'docker-engine: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# With an argument, asks with that in front (as_root), so that "no engine" and "not allowed" can be told apart.
answers() { "$@" docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# Docker runs containers with its own tools only, so recommended packages (git, cgroupfs-mount, …) are left out.
apt_install() {
  local apt=(as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq)
  "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null 2>&1 && return
  say "refreshing the package lists"
  "${apt[@]}" update
  "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null
}

install_missing() {
  local missing=()
  { command -v dockerd && command -v docker; } >/dev/null || missing+=(docker.io)
  as_root sh -c 'command -v iptables' >/dev/null || missing+=(iptables)
  command -v ssh >/dev/null || missing+=(openssh-client)
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]} (about 15 s)"
  apt_install "${missing[@]}"
}

# After a crash or a reboot a pid file can name a process of another program; the engine would take that for a second engine, or wait for it for ever.
remove_stale_pid_file() {
  local file=$1 program=$2 pid
  pid=$(as_root cat "$file" 2>/dev/null) || return 0
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$program" ] || as_root rm -f "$file"
}

start() {
  if [ -d /run/systemd/system ]; then
    say "starting docker.service"
    as_root systemctl enable --now --quiet docker.service
    return
  fi
  say "starting dockerd by hand, as no systemd runs here (log: $log)"
  remove_stale_pid_file /var/run/docker.pid dockerd
  remove_stale_pid_file /var/run/docker/containerd/containerd.pid containerd
  as_root sh -c "setsid dockerd >>$log 2>&1 </dev/null &"
}

show_log() {
  if [ -d /run/systemd/system ]; then
    as_root journalctl -u docker.service -n 20 --no-pager >&2 || true
  else
    as_root tail -n 20 "$log" >&2 || true
  fi
}

wait_until_it_answers() {
  local second
  for ((second = 1; second <= wait_seconds * 2; second++)); do
    answers as_root && return
    sleep 0.5
    ((second % 20)) || say "still waiting for the engine"
  done
  say "the engine did not answer within $wait_seconds s; its last log lines:"
  show_log
  exit 1
}

may_be_used() {
  answers && return
  fail "the engine runs, but $(id -un) may not use it: sudo usermod -aG docker $(id -un), then log in again"
}

answers && command -v ssh >/dev/null && exit 0
install_missing
if ! answers as_root; then
  start
  wait_until_it_answers
fi
may_be_used
say "Docker $(docker version --format '{{.Server.Version}}') answers"
