#!/bin/sh
# Looks up in their images what containers will run, before any of them starts: the program, and the file it is told to run.
# Arguments: 1 = project, 2 = stack. Standard input: a line a container, fingerprint|name|image|entrypoint|command|folder|given, with a
# space between words, `=` for the image's own and `?` for a word that is no file. What is given comes with the container.
set -uf

main() {
  label="--label $label_project=$1 --label $label_stack=$2"
  known=$(have_run "$1" "$2")
  found=$(
    while IFS='|' read -r fingerprint line; do
      # Nor is the same looked up twice, as for replicas.
      case " $known " in *" $fingerprint "*) continue ;; esac
      known="$known $fingerprint"
      look "$line" </dev/null &
    done
    wait
  )
  [ -n "$found" ] || exit 0
  printf '\n%s\n' "$found" | sort >&2
  echo "Nothing was started or stopped. Mend the command or the image, and deploy again." >&2
  exit 1
}

# Fingerprints of what containers of the stack were started with. $1 = project, $2 = stack.
have_run() {
  docker ps --all --filter "label=$label_project=$1" --filter "label=$label_stack=$2" \
    --filter status=running --filter status=exited --format "{{.Label \"$label_command\"}}" | tr '\n' ' '
}

# Prints what is missing for one container. What its image says in place of the program counts too.
look() {
  IFS='|' read -r name image entrypoint command folder given <<END
$1
END
  own=$(docker image inspect 2>/dev/null --format '{{.Config.WorkingDir}}|{{join .Config.Entrypoint " "}}|{{join .Config.Cmd " "}}
{{range .Config.Env}}{{println .}}{{end}}' "$image") || {
    echo "Service $name: its image $image is not there."
    return
  }
  own_path=$(printf '%s\n' "$own" | sed -n 's/^PATH=//p' | tail -n 1)
  IFS='|' read -r own_folder own_entrypoint own_command <<END
$own
END
  # Another entrypoint takes the image's command away, as in Docker.
  [ "$command" != = ] || { [ "$entrypoint" = = ] && command=$own_command || command=""; }
  [ "$entrypoint" != = ] || entrypoint=$own_entrypoint
  [ "$folder" != = ] || folder=${own_folder:-/}
  # shellcheck disable=SC2086 # labels and words
  container=$(docker create $label --network none "$image" true) || return
  # shellcheck disable=SC2086
  programs $entrypoint -- $command
  docker rm --volumes "$container" >/dev/null
}

# The first word is a program. What follows is looked at where it is a file for certain: the file an interpreter is to run, and the
# program a starting script hands over to.
programs() {
  expected=program
  for word in "$@"; do
    case $expected in
      program)
        [ "$word" != -- ] || continue
        runs "$word" || return
        expected=$(after "$word")
        ;;
      handed)
        case $word in
          --) ;;
          */*) runs "$word" && expected=$(after "$word") || return ;;
          *) expected=$(after "$word") ;;
        esac
        ;;
      script)
        case $word in
          --) ;;
          -c | -e | -m | -p | --eval | --print) return ;;
          -r | --require | --import | --loader | -C | --conditions | -W | -X) expected=value ;;
          -*) ;;
          *) holds "$word" && return || return ;;
        esac
        ;;
      value) expected=script ;;
      *) return ;;
    esac
  done
}

# What comes after a program's name.
after() {
  case ${1##*/} in
    node | nodejs | python | python3 | python3.* | sh | bash | dash | ash | ruby | perl) echo script ;;
    *.sh | *entrypoint* | tini | dumb-init) echo handed ;;
    *) echo nothing ;;
  esac
}

# A program: a file that may be executed, looked for as the kernel and the engine do.
runs() {
  case $1 in
    '?') return 0 ;;
    */*) candidates=$(absolute "$1") ;;
    *) candidates=$(printf '%s' "${own_path:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}" | tr ':' '\n' | sed "s|\$|/$1|") ;;
  esac
  for candidate in $candidates; do
    is_given "$candidate" && return 0
    case $(mode "$candidate") in
      -*x*) return 0 ;;
      -*) missing "program $1 that may be executed" && return 1 ;;
    esac
  done
  missing "program $1"
  return 1
}

# A file an interpreter reads.
holds() {
  [ "$1" != '?' ] || return 0
  is_given "$(absolute "$1")" && return 0
  case $(mode "$(absolute "$1")") in -*) return 0 ;; esac
  missing "file $1$(case $1 in /*) ;; *) echo " in $folder" ;; esac)"
}

missing() { echo "Service $name: its image $image has no $1."; }

absolute() { case $1 in /*) echo "$1" ;; *) echo "${folder%/}/${1#./}" ;; esac; }

is_given() {
  for path in $given; do
    case $1 in "$path" | "$path"/*) return 0 ;; esac
  done
  return 1
}

# As `ls -l` shows it, from the first blocks of the copy; empty where there is nothing.
mode() { docker cp --follow-link "$container:$1" - 2>/dev/null | head -c 16384 | tar -tvf - 2>/dev/null | head -n 1 | cut -c 1-10; }

main "$@"
