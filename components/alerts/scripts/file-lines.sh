# shellcheck shell=sh
# Prints a line for each file of a container: file, container, path, then mode, owner and hash. Writes nothing to the disk.
# $1 = container, the rest = paths.
file_lines() {
  from=$1
  shift
  for path; do
    # shellcheck disable=SC2016 # tar's shell expands them
    docker cp "$from:$path" - 2>/dev/null | FROM=$from FILE=$path tar -x --numeric-owner --to-command='
      hash=$(sha256sum)
      printf "file %s %s %s:%s:%s:%s\n" "$FROM" "$FILE" "$TAR_MODE" "$TAR_UID" "$TAR_GID" "${hash%% *}"' 2>/dev/null
  done
}
