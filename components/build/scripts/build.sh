# shellcheck shell=sh disable=SC2034,SC2154 # follows place.sh, receive.sh, hold-back.sh, builder.sh and proxies.sh
# Builds an image, unless the engine has it.
# Arguments: 1 = <project>-<stack>, 2 = image, 3 = tag, 4 = `ssh` if the build may use the SSH agent, or nothing, 5 = `held` if it is
# held back, or nothing, the rest = options of docker build. Standard input: what sources.mts prints.
main() {
  set -eu
  place "$1" "$2"
  image=$2 tag=$3 agent=$4 hold=$5
  shift 5
  read -r answer cache hash removed dockerfile private || exit 1
  [ "$answer" != present ] || exit 0
  work=$(mktemp -d)
  # Secrets are in memory only.
  memory=$(mktemp -d /dev/shm/berth-XXXXXXXX 2>/dev/null || mktemp -d)
  trap 'rm -rf "$work" "$memory"' EXIT
  trap 'exit 1' HUP INT TERM
  (umask 077 && mkdir -p "$store" 2>/dev/null) || store=$work
  receive "$hash" "$removed"
  decoded "$dockerfile" >"$work/Dockerfile"
  # The files that it leaves out were not sent.
  echo "# Applied already." >"$work/Dockerfile.dockerignore"
  unpack_private "$private"
  [ "$cache" != no-cache ] || set -- --no-cache "$@"
  held=""
  [ "$hold" != held ] || hold_back
  build "$@"
}

# Writes secrets and accounts: lines of a path and its content in base64.
unpack_private() {
  mkdir "$memory/secrets" "$memory/docker"
  decoded "$1" | while read -r path content; do printf '%s' "$content" | base64 -d >"$memory/$path"; done
}

build() {
  for secret in "$memory/secrets"/*; do
    [ ! -f "$secret" ] || set -- "$@" --secret "id=${secret##*/},src=$secret"
  done
  [ "$agent" != ssh ] || set -- "$@" --ssh default
  [ ! -f "$memory/docker/config.json" ] || sign_in
  echo "Building the image $image." >&2
  use_proxies
  run_build "$@"
  if [ -f "$work/failed" ] && [ -n "$held" ] && grep -qi cgroup "$work/log"; then
    echo "The engine cannot hold builds back. This one gets an equal share of the processors." >&2
    held=""
    rm "$work/failed" "$work/log"
    run_build "$@"
  fi
  if [ ! -f "$work/failed" ]; then
    echo "Built the image $image." >&2
    # Engines before 23 never remove anything from the cache of builds. Nobody waits for this.
    (docker builder prune --force --filter unused-for=336h >/dev/null 2>&1 </dev/null 9>&- &)
    return 0
  fi
  printf '\nThe image %s cannot be built.\n' "$image" >&2
  failed_step "$work/log" >&2
  return 1
}

# Leaves the file $work/failed if the build fails.
run_build() {
  # shellcheck disable=SC2086 # options of docker build
  { with_builder $proxies "$@" --file "$work/Dockerfile" --tag "$tag" "$store/context" 2>&1 || echo $? >"$work/failed"; } | progress "$work/log" >&2
}

# Lets docker use the accounts that were sent, and no others.
sign_in() {
  own=${DOCKER_CONFIG:-$HOME/.docker}
  DOCKER_HOST=$(docker context inspect --format '{{.Endpoints.docker.Host}}')
  [ ! -d "$own/cli-plugins" ] || ln -s "$own/cli-plugins" "$memory/docker/cli-plugins"
  DOCKER_CONFIG=$memory/docker
  export DOCKER_HOST DOCKER_CONFIG
}

main "$@"
