#!/bin/sh
# shellcheck disable=SC2034 # variables for the other files
# Looks up in their images the commands of containers, before any of them starts: the program, and the file that an interpreter runs.
# Only the server knows what an image says itself, so expected-files.sh and in-image.sh, which come before this file, run there too.
# Arguments: 1 = project, 2 = stack. Standard input: a line a container, fingerprint|name|image|entrypoint|command|folder|given. Words
# are separated by spaces; `=` means the image's own, `?` a word that cannot be a file. Given paths come with the container.
set -uf

main() {
  label="--label $label_project=$1 --label $label_stack=$2"
  known=$(have_run "$1" "$2")
  found=$(
    while IFS='|' read -r fingerprint line; do
      # Replicas have the same fingerprint, and are looked up once.
      case " $known " in *" $fingerprint "*) continue ;; esac
      known="$known $fingerprint"
      look "$line" </dev/null &
    done
    wait
  )
  [ -n "$found" ] || exit 0
  printf '\n%s\n' "$found" | sort >&2
  echo "Nothing was started or stopped. Fix the command or the image, and deploy again." >&2
  exit 1
}

# Fingerprints of the commands that containers of the stack have run. $1 = project, $2 = stack.
have_run() {
  docker ps --all --filter "label=$label_project=$1" --filter "label=$label_stack=$2" \
    --filter status=running --filter status=exited --format "{{.Label \"$label_command\"}}" | tr '\n' ' '
}

# Prints what is missing for one container. The image's own entrypoint, command and folder fill in for `=`.
look() {
  IFS='|' read -r name image entrypoint command folder given <<END
$1
END
  own=$(docker image inspect 2>/dev/null --format '{{.Config.WorkingDir}}|{{join .Config.Entrypoint " "}}|{{join .Config.Cmd " "}}
{{range .Config.Env}}{{println .}}{{end}}' "$image") || {
    echo "Service $name: its image $image does not exist on the server."
    return
  }
  own_path=$(printf '%s\n' "$own" | sed -n 's/^PATH=//p' | tail -n 1)
  IFS='|' read -r own_folder own_entrypoint own_command <<END
$own
END
  # In Docker, another entrypoint removes the image's command.
  [ "$command" != = ] || { [ "$entrypoint" = = ] && command=$own_command || command=""; }
  [ "$entrypoint" != = ] || entrypoint=$own_entrypoint
  [ "$folder" != = ] || folder=${own_folder:-/}
  # A container that never starts, as its files can be read.
  # shellcheck disable=SC2086 # labels and words
  container=$(docker create $label --network none "$image" true) || return
  # shellcheck disable=SC2086
  expect_files $entrypoint -- $command
  docker rm --volumes "$container" >/dev/null
}

main "$@"
