# shellcheck shell=bash
# The registry that serves the stand-ins, and Docker's configuration of it. Sourced, not run.
# It is a plain process: as a container it would depend on itself after a restart.

readonly registry_port=5055
readonly daemon_json=/etc/docker/daemon.json

# Older Docker versions report the gateway only after their second start; it is the first address of the subnet.
bridge_address() {
  docker network inspect bridge --format '{{with index .IPAM.Config 0}}{{or .Gateway .Subnet}}{{end}}' | sed 's|\.0/.*|.1|'
}

mirror_url() { printf 'http://%s:%s' "$(bridge_address)" "$registry_port"; }

registry_answers() { curl -fsS --noproxy '*' --max-time 2 "http://$1:$registry_port/v2/" >/dev/null 2>&1; }

mirror_is_known() { docker info --format '{{json .RegistryConfig.Mirrors}}' | grep -qF "\"$(mirror_url)/\""; }

# Only the program is taken from the package: installed, it would start a service on all addresses.
registry_program() {
  local program=$1/program/usr/bin/docker-registry
  if [ ! -x "$program" ]; then
    local download
    download=$(mktemp -d)
    chmod 755 "$download"
    (cd "$download" && apt-get -qq -o APT::Sandbox::User=root download docker-registry) >/dev/null || fail "cannot download docker-registry"
    dpkg -x "$download"/docker-registry_*.deb "$1/program"
    rm -rf "$download"
  fi
  printf '%s' "$program"
}

# Servers in containers reach the bridge's address; pushing needs loopback, which Docker trusts without TLS.
start_registry() {
  local home=$1 config=$2 address program try
  program=$(registry_program "$home")
  for address in 127.0.0.1 "$(bridge_address)"; do
    registry_answers "$address" && continue
    say "starting the registry of stand-in images on $address:$registry_port"
    # 9 is the lock of this run, which the registry must not keep.
    REGISTRY_HTTP_ADDR=$address:$registry_port setsid "$program" serve "$config" >>"$home/registry.log" 2>&1 </dev/null 9>&- &
    for ((try = 0; try < 50; try++)); do
      registry_answers "$address" && continue 2
      sleep 0.1
    done
    tail -n 10 "$home/registry.log" >&2
    fail "the registry does not answer on $address:$registry_port"
  done
}

# Merged, so that other entries are kept; Docker loads new mirrors without a restart.
give_mirror_to_engine() {
  mirror_is_known && return
  local url merged try
  url=$(mirror_url)
  say "giving the engine the registry mirror $url"
  mkdir -p "$(dirname "$daemon_json")"
  [ -s "$daemon_json" ] || printf '{}\n' >"$daemon_json"
  merged=$(mktemp "$daemon_json.XXXXXX")
  jq --arg url "$url" '."registry-mirrors" = ((."registry-mirrors" // []) - [$url] + [$url])' "$daemon_json" >"$merged"
  chmod 644 "$merged"
  mv "$merged" "$daemon_json"
  kill -HUP "$(cat /var/run/docker.pid)"
  for ((try = 0; try < 50; try++)); do
    mirror_is_known && return
    sleep 0.1
  done
  fail "the engine did not take the registry mirror from $daemon_json"
}
