# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Shows what of a stack is there, a line a thing: what it is, and JSON or words. Changes nothing, and shows no file's content.
# Standard input, a line each: network|volume|image <name>, files <container> <folder>, or engine.
main() {
  questions=$(cat)
  containers=$(of_stack ps --all --quiet --no-trunc)
  told "container {{json .}}" container "$containers"
  told "network {{json .}}" network "$(of_stack network ls --quiet --no-trunc; asked network)"
  told "volume {{json .}}" volume "$(of_stack volume ls --quiet; asked volume)"
  # What containers were made from says which of their settings are the image's.
  # shellcheck disable=SC2086 # one id a word
  told "$image_line" image "$(test -z "$containers" || docker inspect --format '{{.Image}}' $containers | sort -u; asked image)"
  asked files | while read -r container folder; do files "$container" "$folder"; done
  ! printf '%s\n' "$questions" | grep -qx engine || engine_settings
}

asked() { printf '%s\n' "$questions" | sed -n "s/^$1 //p"; }

image_line='image {"Id":{{json .Id}},"RepoTags":{{json .RepoTags}},"RepoDigests":{{json .RepoDigests}},"Config":{{json .Config}}}'

# What is not there is left out. $1 = form of a line, $2 = kind, $3 = names or ids, one a line.
told() {
  [ -n "$3" ] || return 0
  printf '%s\n' "$3" | sort -u | xargs docker "$2" inspect --format "$1" 2>/dev/null || true
}

# A line a file: container, hash, mode, owner, path. They are read where they are, and nothing is written.
files() {
  # shellcheck disable=SC2016 # tar has a shell of its own expand them
  docker cp "$1:$2" - 2>/dev/null | CONTAINER=$1 PARENT=${2%/*} tar -x --numeric-owner --to-command='
    printf "file %s %s %s %s:%s %s\n" "$CONTAINER" "$(sha256sum | cut -d " " -f 1)" "$TAR_MODE" "$TAR_UID" "$TAR_GID" "$PARENT/$TAR_FILENAME"' 2>/dev/null || true
}

engine_settings() {
  printf 'settings %s\n' "$(readable /etc/docker/daemon.json | tr -d '\n')"
  printf 'dropin %s\n' "$(readable /etc/systemd/system/docker.service.d/berth.conf | base64 | tr -d '\n')"
}

readable() { cat "$1" 2>/dev/null || sudo -n cat "$1" 2>/dev/null || true; }

main "$@"
