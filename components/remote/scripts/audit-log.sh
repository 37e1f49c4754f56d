# shellcheck shell=sh # follows audit-line.sh
# Prints the audit log of a stack, the oldest line first. Needs no engine. Arguments: 1 = project, 2 = stack, 3 = folder of all logs.
folder=$(audit_folder "$3" "$1-$2")
[ -d "$folder" ] || exit 0
if [ -x "$folder" ]; then
  for file in "$folder/audit.jsonl.1" "$folder/audit.jsonl"; do [ ! -f "$file" ] || cat "$file"; done
else
  # shellcheck disable=SC2016 # the inner shell expands it
  sudo -n sh -c 'cat "$1.1" 2>/dev/null; cat "$1"' sh "$folder/audit.jsonl" 2>/dev/null || {
    echo "The account $(id -un) may not read $folder. Add it to the group docker." >&2
    exit 1
  }
fi
