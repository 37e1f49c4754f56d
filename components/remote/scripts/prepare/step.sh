#!/bin/sh
# shellcheck disable=SC2034 # the step that follows uses them
# Functions that all steps in this folder share. The step that follows has `main`.
# Arguments: 1 = project, 2 = stack.
shift 2
PATH=$PATH:/usr/sbin:/sbin
# Steps read the output of programs.
export LC_ALL=C
if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo -n"; fi
# A step ends what it began even if the connection breaks.
trap '' HUP PIPE

# Progress and errors.
say() { printf '%s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }
# A warning, which `berth up` prints again at its end.
warn() { printf '%s\n' "$*"; }
# The end of a text that another program printed.
excerpt() { printf '%s\n' "$1" | tail -n 5 | limit_lines; }

# Writes standard input to the file $1 at once, so that nobody sees half of it.
write_file() {
  # shellcheck disable=SC2016 # the inner shell expands them
  $sudo sh -c 'umask 022; cat > "$1.new" && mv "$1.new" "$1"' sh "$1"
}

# Keeps the file $1, or that there is none, for put_back. A copy that an interrupted step left behind is older, so it stays.
keep() {
  $sudo test -e "$1.before" || $sudo test -e "$1.absent" || {
    if $sudo test -e "$1"; then $sudo cp -p "$1" "$1.before"; else $sudo touch "$1.absent"; fi
  }
}

put_back() {
  if $sudo test -e "$1.before"; then $sudo mv "$1.before" "$1"; elif $sudo test -e "$1.absent"; then $sudo rm -f "$1" "$1.absent"; fi
}

# Removes what keep kept.
forget() { $sudo rm -f "$1.before" "$1.absent"; }
