# shellcheck shell=sh # follows containers.sh
# Prints the objects of a stack, one a line: kind, then JSON or words. Changes nothing, and prints no content of files.
# Standard input, one a line: network|volume|image|service <name>, files <container> <folder> <name>…, or engine.
main() {
  questions=$(cat)
  results=$(mktemp -d)
  trap 'rm -rf "$results"' EXIT
  # In parallel, as each query takes time; into separate files, as long lines would be interleaved.
  containers_and_images >"$results/containers" &
  inspected "$network_line" network "$(of_stack network ls --quiet --no-trunc; requested network)" >"$results/networks" &
  inspected "$volume_line" volume "$(of_stack volume ls --quiet; requested volume)" >"$results/volumes" &
  inspected "$service_line" service "$(requested service)" >"$results/services" &
  all_files >"$results/files" &
  ! printf '%s\n' "$questions" | grep -qx engine || engine_settings >"$results/engine"
  wait
  cat "$results"/*
}

# Includes the images of containers, which determine the defaults of their settings.
containers_and_images() {
  containers=$(inspected "$container_line" container "$(of_stack ps --all --quiet --no-trunc)")
  printf '%s\n' "$containers"
  used=$(printf '%s\n' "$containers" | grep -o '"Image":"sha256:[0-9a-f]*"' | grep -o 'sha256:[0-9a-f]*' || true)
  inspected "$image_line" image "$used
$(requested image)"
}

# In parallel: lines this short are not interleaved.
all_files() {
  # shellcheck disable=SC2086 # several words
  requested files | {
    while read -r words; do files $words & done
    wait
  }
}

requested() { printf '%s\n' "$questions" | sed -n "s/^$1 //p"; }

# The fields that drift compares, without fields that change in operation.
container_line='container {"Id":{{json .Id}},"Name":{{json .Name}},"Image":{{json .Image}},"State":{"Status":{{json .State.Status}},"ExitCode":{{json .State.ExitCode}}},"Config":{{json .Config}},"HostConfig":{{json .HostConfig}},"Mounts":{{json .Mounts}},"NetworkSettings":{"Networks":{{json .NetworkSettings.Networks}}}}'
network_line='network {"Id":{{json .Id}},"Name":{{json .Name}},"Driver":{{json .Driver}},"Internal":{{json .Internal}},"Labels":{{json .Labels}}}'
volume_line='volume {"Name":{{json .Name}},"Driver":{{json .Driver}},"Labels":{{json .Labels}}}'
image_line='image {"Id":{{json .Id}},"RepoTags":{{json .RepoTags}},"RepoDigests":{{json .RepoDigests}},"Config":{{json .Config}}}'
service_line='service {"ID":{{json .ID}},"Spec":{{json .Spec}}}'

# Skips objects that do not exist. $1 = format of a line, $2 = kind, $3 = names or ids, one a line.
inspected() {
  printf '%s\n' "$3" | sort -u | xargs -r docker "$2" inspect --format "$1" 2>/dev/null || true
}

# Prints one line a file: container, hash, mode, owner, path. Writes nothing to the disk.
# $1 = container, $2 = folder, the rest = names of files in it.
files() {
  container=$1 path=$2
  shift 2
  for name; do
    shift
    set -- "$@" "${path##*/}/$name"
  done
  # shellcheck disable=SC2016 # tar's shell expands them
  docker cp "$container:$path" - 2>/dev/null | CONTAINER=$container PARENT=${path%/*} tar -x --numeric-owner --to-command='
    printf "file %s %s %s %s:%s %s\n" "$CONTAINER" "$(sha256sum)" "$TAR_MODE" "$TAR_UID" "$TAR_GID" "$PARENT/$TAR_FILENAME"' "$@" 2>/dev/null || true
}

engine_settings() {
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null || echo 'access none'
  printf 'settings %s\n' "$(readable /etc/docker/daemon.json | tr -d '\n')"
  printf 'dropin %s\n' "$(readable /etc/systemd/system/docker.service.d/berth.conf | base64 | tr -d '\n')"
  printf 'flags %s\n' "$(dockerd_flags | base64 | tr -d '\n')"
  docker info --format 'swarm {{.Swarm.LocalNodeState}}' 2>/dev/null
  ! docker ps --format "{{.Label \"$label_project\"}}" 2>/dev/null | grep -qx '' || echo 'others run'
}

readable() { cat "$1" 2>/dev/null || sudo -n cat "$1" 2>/dev/null || true; }

main "$@"
