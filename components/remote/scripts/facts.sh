# shellcheck shell=sh disable=SC2154 # $url is set by the script that follows
# Facts about a running stack, of which status.sh and the watch of the alerts (alerts/watch.sh) use the same. Each function prints lines: a
# kind, then words or base64.

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
