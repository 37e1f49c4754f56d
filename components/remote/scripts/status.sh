# shellcheck shell=sh disable=SC2154 # follows containers.sh
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
  of_stack ps --quiet --no-trunc | xargs docker inspect --format '{{.Id}} {{.State.Pid}}' 2>/dev/null | while read -r id pid; do
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

backups() {
  container=$(of_stack ps --quiet --filter "label=$label_backups=true" | head -n 1)
  [ -n "$container" ] || return 0
  health=$(docker exec "$container" sh /opt/berth/backups.sh healthy 2>&1 </dev/null)
  printf 'backups %s %s\n' $? "$(printf '%s' "$health" | base64 | tr -d '\n')"
}

site() {
  nginx=$(of_stack ps --quiet --filter "label=$label_health_path" | head -n 1)
  [ -n "$nginx" ] || return 0
  on=$(docker exec "$nginx" cat /srv/maintenance/on 2>/dev/null </dev/null | base64 | tr -d '\n')
  [ -z "$on" ] || printf 'maintenance %s\n' "$on"
  path=$(docker inspect --format "{{index .Config.Labels \"$label_health_path\"}}" "$nginx")
  case $url in https:*) port=443 ;; *) port=80 ;; esac
  protocol=$(docker inspect --format "{{if index .Config.Labels \"$label_behind_door\"}}--haproxy-protocol{{end}}" "$nginx")
  answer=$(docker exec "$nginx" curl --silent --insecure --max-time 5 ${protocol:+"$protocol"} --connect-to "::127.0.0.1:$port" \
    --write-out '\n=%{http_code}=\n%{certs}' "${url:-http://localhost}$path" 2>&1 </dev/null)
  printf 'site %s %s\n' "$path" "$(printf '%s' "$answer" | base64 | tr -d '\n')"
}

# Whether the server's front door runs, and the names that it passes to this stack.
front_door() {
  [ -n "$(of_stack ps --all --quiet --filter "label=$label_behind_door" | head -n 1)" ] || return 0
  door=$(docker ps --quiet --filter "label=$label_joins=berth-door-sandbox" | head -n 1)
  [ -n "$door" ] || { echo 'door missing' && return 0; }
  printf 'door running %s\n' "$(docker exec "$door" sed '/^#/d' "/srv/door/routes/$project-$stack" 2>/dev/null </dev/null | tr '\n' ' ')"
}

main "$@"
