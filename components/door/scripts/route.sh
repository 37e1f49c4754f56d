# shellcheck shell=sh disable=SC2154 # follows routes.sh
# Starts the front door, unless this version or a newer one runs, and routes a site's names to its stack. Without effect if all is so.
# Arguments: 1 = version, 2 = image, 3 = container of the site's nginx, which lets each release run the script, 4 = project, 5 = stack,
# the rest = names. Standard input: the configuration of HAProxy.
set -eu

main() {
  version=$1 image=$2
  shift 3
  configuration=$(cat)
  container_exists "$sandbox" || create_sandbox
  docker start "$sandbox" >/dev/null
  generation=$(change_routes "$@")
  current=$(newest_version)
  if [ "$current" -lt "$version" ]; then replace_door "$current"; fi
  reload "$generation"
  remove_exited
}

# Owns the ports and the network namespace, so that the front door can be replaced, like the sandbox of an edge.
create_sandbox() {
  publish="--publish 0.0.0.0:80:80 --publish 0.0.0.0:443:443"
  ! has_ipv6 || publish="$publish --publish [::]:80:80 --publish [::]:443:443"
  address=$(docker network inspect --format "{{index .Labels \"$label_door\"}}" berth-door)
  # shellcheck disable=SC2046,SC2086 # one option a word
  docker create --name "$sandbox" --network berth-door --ip "$address" $publish $(confined 32m 10) \
    --label "$label_door=sandbox" --user 65534:65534 --init --stop-timeout 1 --volume berth-door:/srv/door \
    --sysctl net.ipv4.ip_unprivileged_port_start=0 --sysctl net.ipv4.tcp_migrate_req=1 --sysctl net.ipv4.tcp_tw_reuse=1 \
    --sysctl 'net.ipv4.ip_local_port_range=1024 65535' --entrypoint sleep "$image" infinity >/dev/null
}

has_ipv6() { [ "$(docker network inspect --format '{{.EnableIPv6}}' berth-door)" = true ]; }

# $1 = memory, $2 = processes.
confined() {
  echo "--restart unless-stopped --read-only --cap-drop ALL --security-opt no-new-privileges --memory $1 --memory-swap $1 --pids-limit $2"
  echo "--log-driver json-file --log-opt max-size=10m --log-opt max-file=3"
}

# The version of the running front door; 0 if none runs.
newest_version() {
  {
    echo 0
    docker ps --filter "label=$label_joins=$sandbox" --format "{{.Label \"$label_door\"}}"
  } | sort -n | tail -n 1
}

# Starts the new front door beside the old one, which then completes its connections. $1 = the old version.
replace_door() {
  old=$(doors)
  door=berth-door-$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')
  printf '%s\n' "$configuration" | docker exec --interactive --user 0 "$sandbox" sh -c 'umask 022 && cat >"$1.new" && mv "$1.new" "$1"' sh "/srv/door/haproxy-$version.cfg"
  ipv6=""
  ! has_ipv6 || ipv6="--env DOOR_IPV6=yes"
  # shellcheck disable=SC2046,SC2086 # one option a word
  docker run --detach --name "$door" --network "container:$sandbox" $(confined 256m 50) --env "DOOR=$door" $ipv6 \
    --label "$label_door=$version" --label "$label_joins=$sandbox" --user 99:99 --ulimit nofile=20000:20000 --stop-signal SIGUSR1 \
    --volume berth-door:/srv/door:ro --tmpfs /run/door:uid=99,gid=99,mode=0700,size=1m --entrypoint haproxy \
    "$image" -W -db -f "/srv/door/haproxy-$version.cfg" >/dev/null
  if ! await sometimes_says "$door" "$door"; then
    { docker logs --tail 20 "$door" 2>&1 && docker rm --force "$door"; } | limit_lines >&2
    # The sites do not depend on a new version.
    [ -n "$old" ] && echo "WARNING: the front door of version $version does not start. Version $1 continues." && return 0
    echo "The front door does not start." >&2
    return 1
  fi
  # The container's stop signal, so the engine does not restart it.
  for one in $old; do docker kill --signal USR1 "$one" >/dev/null; done
}

# A replaced front door exits when its last connection has ended.
remove_exited() {
  docker ps --all --quiet --filter "label=$label_joins=$sandbox" --filter status=exited | xargs -r docker rm --volumes >/dev/null
}

main "$@"
