#!/bin/sh
# shellcheck disable=SC2034 # variables for the other files
# Checks before any container starts that the images are for the server's processor, and have the programs of their commands and the
# scripts that interpreters run.
# Runs on the server, as only the server knows the defaults in an image. expected-files.sh and in-image.sh come before this file.
# Arguments: 1 = project, 2 = stack. Standard input: one line a container, fingerprint|name|image|entrypoint|command|folder|given.
# Spaces separate words; `=` means the image's default, `?` a word that cannot be a file. Given paths are mounted or copied.
set -uf

main() {
  label="--label $label_project=$1 --label $label_stack=$2"
  known=$(known_commands "$1" "$2")
  processor=$(docker version --format '{{.Server.Os}}/{{.Server.Arch}}')
  found=$(
    while IFS='|' read -r fingerprint line; do
      # Replicas have the same fingerprint, so they are checked once.
      case " $known " in *" $fingerprint "*) continue ;; esac
      known="$known $fingerprint"
      check_container "$line" </dev/null &
    done
    wait
  )
  [ -n "$found" ] || exit 0
  printf '\n%s\n' "$found" | sort >&2
  echo "Nothing was started or stopped. Fix the command or the image, and deploy again." >&2
  exit 1
}

# Whether the server runs programs of a platform. A 64-bit processor runs those for 32 bits too.
runs_here() {
  case $1,$processor in
    "$processor,$1" | linux/386,linux/amd64 | linux/arm,linux/arm64 | *,) ;;
    *) emulates ;;
  esac
}

# Whether the engine has an emulator of other processors, as Docker Desktop has.
emulates() { [ "$(uname)" = Darwin ] || [ -n "$(find /proc/sys/fs/binfmt_misc -name 'qemu-*' 2>/dev/null)" ]; }

# Fingerprints of the commands that containers of the stack have run. $1 = project, $2 = stack.
known_commands() {
  docker ps --all --filter "label=$label_project=$1" --filter "label=$label_stack=$2" \
    --filter status=running --filter status=exited --format "{{.Label \"$label_command\"}}" | tr '\n' ' '
}

# Prints what is missing for one container. The image's entrypoint, command and folder replace `=`.
check_container() {
  IFS='|' read -r name image entrypoint command folder given <<END
$1
END
  own=$(docker image inspect 2>/dev/null --format '{{.Os}}/{{.Architecture}}|{{.Config.WorkingDir}}|{{join .Config.Entrypoint " "}}|{{join .Config.Cmd " "}}
{{range .Config.Env}}{{println .}}{{end}}' "$image") || {
    echo "Service $name: its image $image does not exist on the server."
    return
  }
  own_path=$(printf '%s\n' "$own" | sed -n 's/^PATH=//p' | tail -n 1)
  IFS='|' read -r platform own_folder own_entrypoint own_command <<END
$own
END
  runs_here "$platform" || {
    echo "Service $name: its image $image is for $platform, but the server's engine is $processor. Build it with platform: \"$processor\"."
    return
  }
  # In Docker, an overridden entrypoint discards the image's command.
  [ "$command" != = ] || { [ "$entrypoint" = = ] && command=$own_command || command=""; }
  [ "$entrypoint" != = ] || entrypoint=$own_entrypoint
  [ "$folder" != = ] || folder=${own_folder:-/}
  # docker cp can read files of a container that never starts.
  # shellcheck disable=SC2086 # several words
  container=$(docker create $label --network none "$image" true) || return
  # shellcheck disable=SC2086
  expect_files $entrypoint -- $command
  docker rm --volumes "$container" >/dev/null
}

main "$@"
