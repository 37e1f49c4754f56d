# shellcheck shell=sh
# Builds with BuildKit: through buildx where it is installed, or else through docker itself, which can before version 23. Newer ones
# without buildx only have the classic builder.
# Arguments: options and folder of docker build. $held = options that hold the build back, or nothing.
# shellcheck disable=SC2086,SC2154 # $held is words; build.sh sets it
with_builder() {
  export BUILDX_NO_DEFAULT_ATTESTATIONS=1
  if docker buildx version >/dev/null 2>&1; then
    # Another builder would not give the image to the engine.
    client docker buildx build --builder "$(docker context inspect --format '{{.Name}}')" --load --progress plain $held "$@"
  elif has_buildkit; then
    DOCKER_BUILDKIT=1 client docker build --progress plain $held "$@"
  else
    echo "docker has no buildx here, so the classic builder builds, without secrets, cache mounts and heredocs. To use BuildKit: apt-get install docker-buildx (Docker's own packages: docker-buildx-plugin)."
    DOCKER_BUILDKIT=0 client docker build ${held:+--cpu-shares 102} "$@"
  fi
}

# Runs the client of a build, and keeps its process in the file $store/client, so that the next build of the image can end it.
# shellcheck disable=SC2016,SC2154 # variables of the inner shell; place.sh sets $store
client() { sh -c 'echo $$ >"$0" && exec "$@"' "$store/client" "$@"; }

has_buildkit() { [ "$(docker version --format '{{.Client.Version}}' 2>/dev/null | cut -d . -f 1)" -lt 23 ]; }

# Copies the progress of a build and keeps it in the file $1. Leaves out the lines of 20.10 that name each step's fingerprint and, after
# many lines, the output of steps, as Pulumi keeps all of it in the state.
progress() {
  shown=0
  while IFS= read -r line || [ -n "$line" ]; do
    printf '%s\n' "$line" >>"$1"
    case $line in
      "#"[0-9]*" sha256:"*) continue ;;
      "#"[0-9]*" ["* | "#"[0-9]*" ERROR"* | Step\ *) ;;
      *) [ "$shown" -lt 1000 ] || continue ;;
    esac
    printf '%s\n' "$line"
    shown=$((shown + 1))
    [ "$shown" != 1000 ] || echo "… more output of this build is not shown."
  done
}

# Prints the last output of the step that failed, if BuildKit named one. $1 = the file with the progress.
failed_step() {
  awk '/^#[0-9]+ ERROR/ { failed = $1 } { line[NR] = $0 } END {
    if (failed == "") exit
    for (n = NR; n > 0 && found < 40; n--) if (index(line[n], failed " ") == 1 && line[n] !~ / sha256:/) own[found++] = line[n]
    print "The step that failed:"
    while (found > 0) print own[--found]
  }' "$1"
}

