# shellcheck shell=sh disable=SC2154 # part of watch.sh
# The server has memory left, and the kernel ends no process for lack of it.
memory_conditions() {
  report_killed
  limit=$MEMORY_PERCENT
  ! is_open available || limit=$((limit + 2))
  left=$(awk '$1 == "MemTotal:" { all = $2 } $1 == "MemAvailable:" { free = $2 } END { if (all) print int(free * 100 / all) }' /proc/meminfo)
  [ -n "$left" ] || return 1
  [ "$left" -ge "$limit" ] ||
    raise available "$AFTER" "Only $left % of the server's memory are available." "See which container uses it: $(berth status). Lower its limit or its number of processes, or take a larger server."
}

# The kernel counts from its start. A reboot begins again.
report_killed() {
  count=$(awk '$1 == "oom_kill" { print $2 }' /proc/vmstat)
  known=$(cat "$here/killed" 2>/dev/null)
  [ -n "$count" ] && [ "$count" != "$known" ] || return 0
  echo "$count" >"$here/killed"
  [ "$count" -gt "${known:-$count}" ] || return 0
  report killed "The kernel ended $((count - known)) process(es), as memory ran out: the server's, or a container's limit." "See which container was it: $(berth status). Raise its limit of memory (docs/settings.md) and release: $(berth up)"
}
