# shellcheck shell=bash
# Common functions of the scripts that prepare this machine. Sourced, not run.

say() { printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# Runs the script again as root, with its arguments, the user's PATH (npm may be in a user's folder) and root's.
become_root() {
  [ "$(id -u)" -eq 0 ] || exec sudo env PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" "$(realpath "$0")" "$@"
}

# Without recommended packages: Docker, for example, runs containers without them.
apt_install() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq)
  say "installing $*"
  "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null 2>&1 && return
  say "refreshing the package lists"
  "${apt[@]}" update
  "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null
}

# announced "description" command…: reports every 15 s that the command is still running; prints its output only if it fails.
announced() {
  local what=$1 output ticker never status=0
  shift
  say "$what"
  output=$(mktemp)
  # Reads from a pipe that never answers: a sleep would outlive the ticker.
  exec {never}<> <(:)
  (while ! read -rt 15 -u "$never"; do say "$what: still busy"; done) &
  ticker=$!
  "$@" >"$output" 2>&1 || status=$?
  kill "$ticker"
  wait "$ticker" 2>/dev/null || true
  exec {never}>&-
  [ "$status" -eq 0 ] || tail -n 30 "$output" >&2
  rm -f "$output"
  return "$status"
}
