# shellcheck shell=sh disable=SC2154 # follows audit-line.sh
# Appends a line to the audit log. Needs no engine. Arguments: 1 = project, 2 = stack, 3 = folder of all logs, 4 = action, the rest =
# key=value.
project=$1 stack=$2 logs=$3
shift 3
audit_line "$logs" "$project-$stack" "$@"
