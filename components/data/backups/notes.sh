# shellcheck shell=sh disable=SC2154 # the file that follows sets journal and in_memory
# A journal: small files in a volume, written atomically, which survive the container. If the disk is full, they are written to memory, so
# that the failure is still reported. $journal and $in_memory are the folders. Backups and scheduled jobs use it.

# note NAME TEXT
note() {
  if write_note "$journal" "$@" 2>/dev/null; then rm -f "$in_memory/$1"; else write_note "$in_memory" "$@"; fi
}

write_note() { mkdir -p "$1" && printf '%s\n' "$3" >"$1/$2.new" && mv "$1/$2.new" "$1/$2"; }

# read_note NAME [default]
read_note() { cat "$in_memory/$1" 2>/dev/null || cat "$journal/$1" 2>/dev/null || printf '%s\n' "${2-}"; }

delete_note() { rm -f "$in_memory/$1" "$journal/$1"; }

# Logs to standard error, as standard output is for results.
say() { printf '%s %s\n' "$(date '+%F %T %Z')" "$*" >&2; }

# ago SECONDS-SINCE-1970: 5 min, 3 h, 12 days.
ago() {
  elapsed=$(($(date +%s) - $1))
  if [ "$elapsed" -lt 120 ]; then
    echo "$elapsed s"
  elif [ "$elapsed" -lt 7200 ]; then
    echo "$((elapsed / 60)) min"
  elif [ "$elapsed" -lt 172800 ]; then
    echo "$((elapsed / 3600)) h"
  else
    echo "$((elapsed / 86400)) days"
  fi
}
