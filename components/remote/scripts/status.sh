# shellcheck shell=sh disable=SC2034,SC2154 # follows containers.sh and facts.sh, which reads $url
# Observes a stack: prints one fact a line, its kind and JSON, words or base64. Judges nothing.
# Arguments: 1 = URL of the site, requested through nginx, so that the response is what visitors get.
main() {
  url=$1
  ids=$(of_stack ps --all --quiet)
  printf 'clock %s\n' "$(date +%s)"
  [ -n "$ids" ] || exit 0
  # shellcheck disable=SC2086 # one id a word
  docker inspect --format 'container {{json .}}' $ids
  # In parallel, as each query takes time; into separate files, as long lines would be interleaved.
  seen=$(mktemp -d)
  trap 'rm -rf "$seen"' EXIT
  for part in memory volumes backups site front_door; do "$part" >"$seen/$part" & done
  wait
  cat "$seen"/*
  printf 'disk %s\n' "$(engine_disk docker)"
}

# Memory of each container without reclaimable cache, in bytes. Reads the kernel's files, as docker stats takes two seconds.
memory() {
  of_stack ps --quiet --no-trunc | xargs docker inspect --format '{{.ID}} {{.State.Pid}}' 2>/dev/null | while read -r id pid; do
    group=$(sed -n 's/^[0-9]*:memory://p; s/^0:://p' "/proc/$pid/cgroup" 2>/dev/null | head -n 1)
    [ -n "$group" ] || continue
    for folder in "/sys/fs/cgroup/memory$group" "/sys/fs/cgroup$group"; do
      used=$(cat "$folder/memory.usage_in_bytes" "$folder/memory.current" "$folder/memory.stat" 2>/dev/null |
        awk 'NF == 1 && !used { used = $1 } $1 ~ /^(total_)?inactive_file$/ { idle = $2 } END { if (used) printf "%.0f", used - idle }')
      [ -z "$used" ] || { printf 'memory %s %s\n' "$id" "$used" && break; }
    done
  done
}

# Size of each volume in KiB, measured in a running container that writes to it, as only root can read it from outside.
volumes() {
  # shellcheck disable=SC2046 # one id a word
  mounts=$(docker inspect --format '{{range .Mounts}}{{if and .RW (eq .Type "volume")}}{{.Name}}|{{$.Id}}|{{.Destination}}{{"\n"}}{{end}}{{end}}' $(of_stack ps --quiet) 2>/dev/null)
  for name in $(of_stack volume ls --quiet); do
    printf '%s\n' "$mounts" | sed -n "s/^$name|//p" | head -n 1 | {
      IFS='|' read -r id folder || id=""
      size=$([ -z "$id" ] || timeout 10 docker exec "$id" du -sk "$folder" 2>/dev/null </dev/null | cut -f 1)
      printf 'volume %s %s\n' "$name" "${size:-unknown}"
    } &
  done
  wait
}

main "$@"
