# shellcheck shell=sh
# Prints the release numbers of a stack, newest first. $1 = <project>-<stack>.
releases() { docker image ls --format '{{.Tag}}' "$1/release" | sort -rn; }

# Prints a path of the newest release as a tar archive; nothing if there is no release. $1 = <project>-<stack>, $2 = path.
from_newest() {
  number=$(releases "$1" | head -n 1)
  [ -n "$number" ] || return 0
  # The container has the stack's labels through its image, so sweep.sh removes it if this script is killed.
  id=$(docker create "$1/release:$number" none)
  docker cp "$id:$2" - || true
  docker rm "$id" >/dev/null
}

