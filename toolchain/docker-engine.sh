#!/usr/bin/env bash
# Installs and starts Docker on this machine. Does nothing if it is running.
# For Debian 12 and Ubuntu 22.04/24.04, as root or as a user with sudo.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=machine.sh
. "$(dirname "${BASH_SOURCE[0]}")/machine.sh"

readonly log=/var/log/dockerd.log
readonly wait_seconds=60
# The process ID, if this script started it directly.
engine=

answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

install_missing() {
  local missing=()
  { command -v dockerd && command -v docker; } >/dev/null || missing+=(docker.io)
  command -v iptables >/dev/null || missing+=(iptables)
  command -v ssh >/dev/null || missing+=(openssh-client)
  [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
}

# After a crash or a reboot, a pid file can name another program's process; Docker would mistake it for a second daemon,
# or wait for it forever.
remove_stale_pid_file() {
  local file=$1 program=$2 pid
  pid=$(cat "$file" 2>/dev/null) || return 0
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$program" ] || rm -f "$file"
}

start() {
  if [ -d /run/systemd/system ]; then
    say "starting docker.service"
    systemctl enable --now --quiet docker.service
    return
  fi
  say "starting dockerd directly, as systemd does not run here (log: $log)"
  remove_stale_pid_file /var/run/docker.pid dockerd
  remove_stale_pid_file /var/run/docker/containerd/containerd.pid containerd
  setsid dockerd >>"$log" 2>&1 </dev/null &
  engine=$!
}

show_log() {
  if [ -d /run/systemd/system ]; then
    journalctl -u docker.service -n 20 --no-pager >&2 || true
  else
    grep -v level=info "$log" | tail -n 10 >&2 || true
  fi
}

wait_until_it_answers() {
  local try
  for ((try = 1; try <= wait_seconds * 2; try++)); do
    answers && return
    [ -z "$engine" ] || kill -0 "$engine" 2>/dev/null || break
    sleep 0.5
    ((try % 20)) || say "still waiting for Docker"
  done
  say "Docker does not respond; its last log lines:"
  show_log
  exit 1
}

# The user needs access too, not only root.
let_user_in() {
  local user=${SUDO_USER:-root}
  if [ "$user" != root ] && ! id -nG "$user" | grep -qw docker; then
    say "adding $user to the group docker"
    usermod -aG docker "$user"
  fi
}

if answers && command -v ssh >/dev/null; then exit 0; fi
become_root "$@"
install_missing
if ! answers; then
  start
  wait_until_it_answers
fi
say "Docker $(docker version --format '{{.Server.Version}}') is running"
let_user_in
