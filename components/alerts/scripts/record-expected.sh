# shellcheck shell=sh disable=SC2154 # follows audit-line.sh and file-lines.sh
# Records the containers of a release and their files in the file `expected`, with which the watch compares.
# Arguments: 1 = folder of the audit logs, 2 = <project>-<stack>, 3 = containers and the paths of their files, <id> [path]…, separated by
# semicolons.
main() {
  target=$(audit_folder "$1" "$2")
  audit_ready "$1" "$2" "$target" || {
    echo "$target cannot be written, so the watch does not notice missing containers and changed files." && return 0
  }
  umask 027
  printf '%s\n' "$3" | tr ';' '\n' | while read -r id paths; do
    name=$(docker inspect --format '{{.Name}}' "$id") || continue
    echo "container $id ${name#"/$2-"}"
    # shellcheck disable=SC2086 # one path a word
    file_lines "$id" $paths
  done >"$target/expected.new"
  mv -f "$target/expected.new" "$target/expected"
}

main "$@"
