# shellcheck shell=sh disable=SC2154 # part of commands-exist.sh
# Looks for programs and files in a container of an image, and prints what is missing.

# check_program PROGRAM: succeeds if it is an executable file, searched for on PATH as the kernel and the engine do.
check_program() {
  case $1 in
    '?') return 0 ;;
    */*) candidates=$(absolute "$1") ;;
    *) candidates=$(printf '%s' "${own_path:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}" | tr ':' '\n' | sed "s|\$|/$1|") ;;
  esac
  for candidate in $candidates; do
    is_given "$candidate" && return 0
    case $(mode "$candidate") in
      -*x*) return 0 ;;
      -*) missing "executable program $1" && return 1 ;;
    esac
  done
  missing "program $1"
  return 1
}

# check_file FILE: succeeds if it exists.
check_file() {
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

# Prints the mode as `ls -l` does, from the first blocks of a copy; nothing for a missing file.
mode() { docker cp --follow-link "$container:$1" - 2>/dev/null | head -c 16384 | tar -tvf - 2>/dev/null | head -n 1 | cut -c 1-10; }
