# shellcheck shell=sh # follows audit-line.sh
# Sends a test message to each target of the alerts, which only root can read. Prints a line for each, with tabs: sent or failed, target,
# error; nothing without a watch. Needs no engine. Arguments: 1 = project, 2 = stack, 3 = folder of the audit logs.
folder=$(audit_folder "$3" "$1-$2")/alerts
[ -d "$folder" ] || exit 0
if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo -n"; fi
[ -z "$sudo" ] || $sudo true 2>/dev/null || {
  echo "The account $(id -un) may not use sudo without a password, and only root can read the targets of the alerts. On the server: sudo sh $folder/watch.sh test" >&2
  exit 1
}
$sudo sh "$folder/watch.sh" test
