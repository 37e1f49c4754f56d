# shellcheck shell=sh # follows audit-line.sh
# Holds the lock of a stack's deployment as long as this script runs, which is as long as the connection of the deployment is open. Needs
# no engine. Prints `held <run>` if another deployment holds it, `none` if this server cannot have a lock, else `free <run>` with the run
# that held it before and did not end it: it was killed. Runs are JSON in base64.
# Arguments: 1 = project, 2 = stack, 3 = folder of the audit logs.
# Standard input: JSON of the run, then a line at least every minute, then `end`.
main() {
  target=$(audit_folder "$3" "$1-$2")
  umask 007
  if ! command -v flock >/dev/null || ! audit_ready "$3" "$1-$2" "$target"; then
    echo none
    return
  fi
  exec 9>>"$target/deploy.lock"
  if ! flock -n 9; then
    echo "held $(run)"
    return
  fi
  echo "free $(run)"
  # A machine that lost its power does not close its connection, so its lines stop.
  while line=$(timeout 60 sh -c "$one_line" 9>&-); do
    case $line in
      end) rm -f "$target/deploy.json" && return ;;
      "{"*) printf '%s\n' "$line" >"$target/deploy.json.new" && mv -f "$target/deploy.json.new" "$target/deploy.json" ;;
    esac
  done
}

# Other programs than a shell would read beyond the line.
# shellcheck disable=SC2016 # the inner shell expands it
one_line='IFS= read -r line && printf "%s\n" "$line"'

run() { [ ! -f "$target/deploy.json" ] || base64 <"$target/deploy.json" | tr -d "\n"; }

main "$@"
