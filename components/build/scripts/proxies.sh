# shellcheck shell=sh
# Lets the steps of a build use the engine's proxies. docker itself does so with those in ~/.docker/config.json. The values are only in
# the environment of the client, as they may contain a password. Sets $proxies, words for docker build.
use_proxies() {
  proxies=""
  ! grep -q '"proxies"' "${DOCKER_CONFIG:-$HOME/.docker}/config.json" 2>/dev/null || return 0
  known=$(engine_proxies) || known=""
  for name in HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    value=$(printf '%s\n' "$known" | sed -n "s/^$name=//p" | tail -n 1)
    case $value in
      "") ;;
      *xxxxx*) echo "The engine hides the password in its $name from this account, so builds do not use it. Set it in ~/.docker/config.json of the builder (\"proxies\")." >&2 ;;
      *)
        export "$name=$value"
        proxies="$proxies --build-arg $name"
        ;;
    esac
  done
}

# Prints the engine's proxies as it shows them, and then those in its unit, where they have their passwords.
engine_proxies() {
  docker info --format 'HTTP_PROXY={{.HTTPProxy}}{{println}}HTTPS_PROXY={{.HTTPSProxy}}{{println}}NO_PROXY={{.NoProxy}}' 2>/dev/null
  systemctl show --property Environment --value docker.service 2>/dev/null | tr ' ' '\n' | tr -d '"'
}

