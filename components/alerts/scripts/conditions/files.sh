# shellcheck shell=sh disable=SC2154 # part of watch.sh
# Configuration and secrets in the containers are those of the release. Once an hour, as the engine has to copy them.
files_conditions() {
  [ "$engine" = yes ] && [ -z "$quiet" ] && [ -r "$expected" ] && due files 3600 || return 1
  sed -n 's/^container //p' "$expected" | while read -r id name; do
    # The kind drift reports a missing container.
    ! grep -q "^$id|" "$work/containers" || changed_files "$id" "$name"
  done
}

# $1 = id of the container, $2 = its name.
changed_files() {
  # shellcheck disable=SC2046 # one path a word
  file_lines "$1" $(sed -n "s,^file $1 \([^ ]*\) .*,\1,p" "$expected") >"$work/files"
  sed -n "s/^file $1 //p" "$expected" | while read -r path fingerprint; do
    grep -qxF "file $1 $path $fingerprint" "$work/files" ||
      raise "$2$path" 0 "The file $path in the container $2 differs from the release." "$(repair)"
  done
}
