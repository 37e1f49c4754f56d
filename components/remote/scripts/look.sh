# shellcheck shell=sh # follows containers.sh
# Shows what of a stack is there, a line a thing: what it is, and JSON or words. Changes nothing, and shows no file's content.
# Standard input, a line each: network|volume|image <name>, files <container> <folder> <name>…, or engine.
main() {
  questions=$(cat)
  seen=$(mktemp -d)
  trap 'rm -rf "$seen"' EXIT
  # All at once, as the engine takes its time over each; apart from each other, as long lines would be mixed up.
  containers_and_images >"$seen/containers" &
  told "$network_line" network "$(of_stack network ls --quiet --no-trunc; asked network)" >"$seen/networks" &
  told "$volume_line" volume "$(of_stack volume ls --quiet; asked volume)" >"$seen/volumes" &
  all_files >"$seen/files" &
  ! printf '%s\n' "$questions" | grep -qx engine || engine_settings >"$seen/engine"
  wait
  cat "$seen"/*
}

# What containers were made from says which of their settings are the image's.
containers_and_images() {
  containers=$(told "$container_line" container "$(of_stack ps --all --quiet --no-trunc)")
  printf '%s\n' "$containers"
  used=$(printf '%s\n' "$containers" | grep -o '"Image":"sha256:[0-9a-f]*"' | grep -o 'sha256:[0-9a-f]*' || true)
  told "$image_line" image "$used
$(asked image)"
}

# Lines this short are never mixed up.
all_files() {
  # shellcheck disable=SC2086 # one name a word
  asked files | {
    while read -r words; do files $words & done
    wait
  }
}

asked() { printf '%s\n' "$questions" | sed -n "s/^$1 //p"; }

# What is compared, and nothing that changes by itself.
container_line='container {"Id":{{json .Id}},"Name":{{json .Name}},"Image":{{json .Image}},"State":{"Status":{{json .State.Status}},"ExitCode":{{json .State.ExitCode}}},"Config":{{json .Config}},"HostConfig":{{json .HostConfig}},"Mounts":{{json .Mounts}},"NetworkSettings":{"Networks":{{json .NetworkSettings.Networks}}}}'
network_line='network {"Id":{{json .Id}},"Name":{{json .Name}},"Driver":{{json .Driver}},"Internal":{{json .Internal}},"Labels":{{json .Labels}}}'
volume_line='volume {"Name":{{json .Name}},"Driver":{{json .Driver}},"Labels":{{json .Labels}}}'
image_line='image {"Id":{{json .Id}},"RepoTags":{{json .RepoTags}},"RepoDigests":{{json .RepoDigests}},"Config":{{json .Config}}}'

# What is not there is left out. $1 = form of a line, $2 = kind, $3 = names or ids, one a line.
told() {
  printf '%s\n' "$3" | sort -u | xargs -r docker "$2" inspect --format "$1" 2>/dev/null || true
}

# A line a file: container, hash, mode, owner, path. They are read where they are, and nothing is written.
# $1 = container, $2 = folder, the rest = names of files in it.
files() {
  container=$1 path=$2
  shift 2
  for name; do
    shift
    set -- "$@" "${path##*/}/$name"
  done
  # shellcheck disable=SC2016 # tar has a shell of its own expand them
  docker cp "$container:$path" - 2>/dev/null | CONTAINER=$container PARENT=${path%/*} tar -x --numeric-owner --to-command='
    printf "file %s %s %s %s:%s %s\n" "$CONTAINER" "$(sha256sum)" "$TAR_MODE" "$TAR_UID" "$TAR_GID" "$PARENT/$TAR_FILENAME"' "$@" 2>/dev/null || true
}

engine_settings() {
  printf 'settings %s\n' "$(readable /etc/docker/daemon.json | tr -d '\n')"
  printf 'dropin %s\n' "$(readable /etc/systemd/system/docker.service.d/berth.conf | base64 | tr -d '\n')"
}

readable() { cat "$1" 2>/dev/null || sudo -n cat "$1" 2>/dev/null || true; }

main "$@"
