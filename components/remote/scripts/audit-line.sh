# shellcheck shell=sh disable=SC2154 # Berth sets $label_project
# Appends a line to the audit log of a stack, which an account of the group docker can do without sudo. On a server, the line is also in
# the journal (journalctl -t berth). A log that cannot be written stops nothing.
# $1 = folder of all logs, or nothing for the account's own, $2 = <project>-<stack>, $3 = action, the rest = key=value.
audit_line() (
  umask 007
  target=$(audit_folder "$1" "$2")
  line=$(shift 2 && audit_json "$@")
  [ -z "$1" ] || logger -t berth -- "$2 $line" 2>/dev/null || true
  audit_ready "$1" "$2" "$target" && audit_append "$target/audit.jsonl" "$line" || audit_as_root "$target/audit.jsonl" "$line" ||
    echo "$target/audit.jsonl cannot be written. It lacks this line: $line" >&2
)

audit_folder() { echo "${1:-${XDG_STATE_HOME:-${HOME:-/tmp}/.local/state}/berth}/$2"; }

# Whether this account can write to the folder $3, which it creates if need be.
audit_ready() { [ -w "$3" ] || { audit_make "$@" && [ -w "$3" ]; }; }

# An account gets the group docker in the connection after the preparation of its server.
audit_as_root() {
  # shellcheck disable=SC2016 # the inner shell expands them
  printf '%s\n' "$2" | sudo -n sh -c 'umask 007 && cat >>"$1"' sh "$1" 2>/dev/null
}

# Values are texts without control characters. The account and its address are those that the server sees.
audit_json() {
  connection=${SSH_CONNECTION:-}
  printf '{"at":"%s","action":"%s"' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1"
  shift
  for pair in "$@" "account=$(id -un)" "address=${connection%% *}"; do
    value=$(printf '%.500s' "${pair#*=}" | LC_ALL=C tr -d '\000-\037\177' | sed 's/[\\"]/\\&/g')
    [ -z "$value" ] || printf ',"%s":"%s"' "${pair%%=*}" "$value"
  done
  echo '}'
}

# Creates the folder $3 for the group docker: as root, through sudo, or through the engine, whose users have the rights of root anyway.
audit_make() {
  # shellcheck disable=SC2016 # the inner shell expands them
  make='umask 022 && mkdir -p "$1" && { chgrp "$2" "$1" || true; } && chmod 2770 "$1"'
  if [ -z "$1" ]; then
    mkdir -p "$3"
  elif [ "$(id -u)" = 0 ]; then
    sh -c "$make" sh "$3" docker
  elif sudo -n true; then
    sudo -n sh -c "$make" sh "$3" docker
  else
    group=$(getent group docker | cut -d : -f 3)
    # Any image with a shell.
    for image in $(docker ps --filter "label=$label_project" --format '{{.Image}}' | sort -u); do
      docker run --rm --pull never --network none --user 0:0 --entrypoint sh --volume "$1:/berth" "$image" \
        -c "$make" sh "/berth/$2" "$group" && return
    done
    return 1
  fi
} >/dev/null 2>&1

# Keeps one file of at most 1 MiB before the current one.
audit_append() {
  # macOS has no flock.
  ! command -v flock >/dev/null || flock -w 5 9
  [ ! -f "$1" ] || [ "$(wc -c <"$1")" -lt 1048576 ] || mv -f "$1" "$1.1"
  printf '%s\n' "$2" >>"$1"
} 2>/dev/null 9>>"${1%/*}/lock"

