# shellcheck shell=sh disable=SC2154 # follows audit-line.sh and routes.sh of the front door
# Prints everything on a machine with the labels or the name of a stack, each as `<kind> <reference> <name>`: container, network, volume,
# image, folder, route. A volume of the project without the label of a stack is `unlabelled`: its name tells the stack, so the other
# stacks are printed too.
# Runs without a Docker engine too. Arguments: 1 = project, 2 = stack, 3 = folder of the audit logs.
set -e
main() {
  name=$project-$stack
  of_folder "$(audit_folder "$1" "$name")"
  of_folder "${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/berth/$name"
  command -v docker >/dev/null || return 0
  docker version >/dev/null
  of_stack ps --all --no-trunc --format 'container {{.ID}} {{.Names}}'
  of_stack network ls --no-trunc --format 'network {{.ID}} {{.Name}}'
  of_stack volume ls --format 'volume {{.Name}} {{.Name}}'
  docker volume ls --filter "label=$label_project=$project" --format "{{.Name}} {{.Label \"$label_stack\"}}" | unlabelled
  # Docker 29 lists images without a tag only with --all.
  docker image ls --all --digests --format '{{.Repository}} {{.Tag}} {{.Digest}}' | of_repositories
  ! is_running "$sandbox" || docker exec --user 0 "$sandbox" sh -c "$ROUTE" sh "$name" </dev/null
  for kind in "ps --all" "volume ls"; do
    # shellcheck disable=SC2086 # a command and an option
    docker $kind --filter "label=$label_stack" --format "stack - {{.Label \"$label_project\"}}-{{.Label \"$label_stack\"}}"
  done | sort -u
}

of_folder() { [ ! -d "$1" ] || echo "folder $1 $1"; }

unlabelled() {
  while read -r volume label; do
    case $volume in "$name"-*) [ -n "$label" ] || echo "unlabelled $volume $volume" ;; esac
  done
}

# The names of the stack's images contain its name, in a registry too.
of_repositories() {
  while read -r repository tag digest; do
    case $repository in "$name"/* | */"$name"/*) ;; *) continue ;; esac
    if [ "$tag" = "<none>" ]; then image=$repository@$digest; else image=$repository:$tag; fi
    echo "image $image $image"
  done
}

# shellcheck disable=SC2016 # the container's shell expands it
ROUTE='[ ! -f "/srv/door/routes/$1" ] || echo "route $1 $1"'

project=$1 stack=$2
shift 2
main "$@"
