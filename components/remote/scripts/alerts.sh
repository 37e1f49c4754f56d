# shellcheck shell=sh # follows audit-line.sh
# Prints what the watch of a stack has seen, one fact a line; nothing without a watch. Needs no engine.
# Arguments: 1 = project, 2 = stack, 3 = folder of the audit logs.
folder=$(audit_folder "$3" "$1-$2")/alerts
# shellcheck disable=SC2016 # the inner shell expands it
facts='
printf "watch %s %s\n" "$(date +%s)" "$(cat last-run 2>/dev/null)"
sed "s/^/condition /" conditions 2>/dev/null
for file in delivery/*; do [ ! -f "$file" ] || sed "s/^/failing /" "$file"; done
true'
[ -d "$folder" ] || exit 0
if [ -x "$folder" ]; then
  cd "$folder" && sh -c "$facts"
else
  sudo -n sh -c 'cd "$1" && eval "$2"' sh "$folder" "$facts" 2>/dev/null || {
    echo "The account $(id -un) may not read $folder. Add it to the group docker." >&2
    exit 1
  }
fi
