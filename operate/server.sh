# shellcheck shell=bash disable=SC2034 # those who source it use what it sets
# Sourced by the everyday commands with the stack as first argument: finds out where the stack stands, and runs things there.
# Runs in the project's folder. Sets: stack, project, reach (the ssh call, or nothing for this machine), url, release, expected and leaving (names of containers).
berth=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit

fail() {
  echo "$*" >&2
  exit 1
}

# How a make target is called for this stack.
call() { echo "make $1$([ "$stack" = dev ] || echo " STACK=$stack")"; }

no_state() {
  case $1 in
    *"no stack named"*) fail "There is no stack $stack. It is made by: $(call up)" ;;
    *) fail "The state of the stack $stack cannot be read. Pulumi said: $1" ;;
  esac
}

find_server() {
  local state facts
  command -v pulumi >/dev/null || fail "Pulumi is not on PATH. Use make, or: eval \"\$(make -s env)\""
  state=$(pulumi stack export --stack "$stack" 2>/dev/null) || no_state "$(pulumi stack export --stack "$stack" 2>&1)"
  mapfile -t facts < <(node "$berth/operate/stack-facts.mts" <<<"$state")
  reach=${facts[0]-unknown} url=${facts[1]-} release=${facts[2]-} expected=${facts[3]-} leaving=${facts[4]-}
  case $reach in
    "nothing deployed") fail "The stack $stack is down. It is deployed by: $(call up)" ;;
    unknown) fail "Nothing is known of the server of the stack $stack yet. It is found out by: $(call up)" ;;
  esac
}

# Says why the server cannot be reached. With a shared connection there already, nothing is asked.
reachable() {
  [ -z "$reach" ] || eval "$reach -O check" 2>/dev/null ||
    SSH=$reach SERVER="The server of the stack $stack" WAIT_SECONDS=0 sh "$berth/components/host/scripts/reach.sh"
}

# Runs a script of operate/on-server where the engine is: on_server [--tty] <script> <arguments…>.
# It travels as a word of the command, so that standard input is the script's own.
on_server() {
  local terminal='' word line='' status=0
  # Without the word that a shared connection was closed.
  [ "$1" != --tty ] || { terminal='-t -o LogLevel=ERROR' && shift; }
  local words=(sh -c "$(cat "$berth/operate/on-server/containers.sh" "$berth/operate/on-server/$1")" sh "$project" "$stack" "${@:2}")
  if [ -z "$reach" ]; then
    "${words[@]}"
    return
  fi
  reachable </dev/null
  for word in "${words[@]}"; do line+=" '${word//\'/\'\\\'\'}'"; done
  eval "$reach $terminal -- \"\$line\"" || status=$?
  # ssh's own failure: a connection that was shared may have been dead.
  [ "$status" != 255 ] || reachable </dev/null
  return "$status"
}

stack=${1:?the stack}
project=$(sed -n 's/^name: *//p' Pulumi.yaml)
find_server
