# shellcheck shell=sh
# Numbers of the releases of a stack, <project>-<stack>, the newest first.
releases() { docker image ls --format '{{.Tag}}' "$1/release" | sort -rn; }

# What stands in the newest release under a path, as a tar archive; nothing where there is none.
from_newest() {
  number=$(releases "$1" | head -n 1)
  [ -n "$number" ] || return 0
  # One of the stack's by its image's labels, so that it is swept away where this is killed.
  id=$(docker create "$1/release:$number" none)
  docker cp "$id:$2" - || true
  docker rm "$id" >/dev/null
}

