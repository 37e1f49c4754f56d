# shellcheck shell=sh disable=SC2034,SC2154 # follows the other files of this folder and observe.sh; Berth sets $SITES
# Writes the metrics of a stack as files for the node exporter. A systemd timer starts it twice a minute on the server, as root, so that no
# container needs the engine's socket. It lies in a folder of its own, beside those files and what it remembers.
main() {
  set -uf
  umask 022
  export LC_ALL=C
  here=$(cd "$(dirname "$0")" && pwd)
  now=$(date +%s)
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$here/checked"
  publish containers
  publish requests
  # Programs in containers answer these, which costs more.
  ! due backups 120 || publish backups
  ! due jobs 60 || publish jobs
}

# Replaces the file of a kind of metrics, if its samples can be taken now.
publish() {
  : >"$work/samples"
  "${1}_samples" && "${1}_families" >"$here/textfile/$1.prom.new" && mv "$here/textfile/$1.prom.new" "$here/textfile/$1.prom"
}

# sample NAME LABELS VALUE: adds a sample, unless the value is empty.
sample() { [ -z "$3" ] || printf '%s{%s} %s\n' "$1" "$2" "$3" >>"$work/samples"; }

# family NAME TYPE HELP: prints the samples of a metric.
family() {
  printf '# HELP %s %s\n# TYPE %s %s\n' "$1" "$3" "$1" "$2"
  grep -E "^$1(_bucket|_sum|_count)?[{ ]" "$work/samples" || true
}

main
