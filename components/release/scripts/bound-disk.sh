# shellcheck shell=sh # follows of-stack.sh and audit-line.sh
# Bounds what releases leave on the disk: the engine's cache of builds, and volumes of this stack that nothing uses any more.
# Arguments: 1 = folder of the audit logs, 2 = maximum size of the cache in MB, or 0, 3 = days after which a volume is deleted, or 0, the
# rest = volumes of the program.
main() {
  logs=$1 cache=$2 days=$3
  shift 3
  [ "$cache" = 0 ] || bound_cache
  [ "$days" = 0 ] || delete_unused "$@"
}

# Newer versions of the builder have renamed the option. With --all, it may remove every entry that no build uses; the least used go first.
bound_cache() {
  option=--keep-storage
  ! docker builder prune --help 2>&1 | grep -q -e --max-used-space || option=--max-used-space
  said=$(docker builder prune --all --force "$option" "${cache}MB" 2>&1 </dev/null) ||
    echo "The cache of builds keeps its size (diskBuildCacheMb): $(printf '%s\n' "$said" | tail -n 1 | limit_lines)"
}

# Docker does not know since when a volume is unused, so a file has the time at which a release has found it so.
delete_unused() {
  folder=$(audit_folder "$logs" "$project-$stack")
  audit_ready "$logs" "$project-$stack" "$folder" || {
    echo "$folder cannot be written, so no unused volume is deleted (diskUnusedVolumeDays)." && return 0
  }
  list=$folder/unused-volumes now=$(date +%s)
  of_stack volume ls --quiet | while read -r volume; do
    ! is_used "$volume" "$@" || continue
    since=$(awk -v name="$volume" '$1 == name { print $2; exit }' "$list" 2>/dev/null) || true
    : "${since:=$now}"
    end=$((since + days * 86400))
    if [ "$now" -ge "$end" ] && docker volume rm "$volume" >/dev/null; then
      echo "Deleted the volume $volume, which nothing has used since $(day "$since")."
    else
      echo "$volume $since" >&3
      echo "Nothing uses the volume $volume. Releases after $(day "$end") delete it with its data (diskUnusedVolumeDays)."
    fi
  done 3>"$list.new"
  mv -f "$list.new" "$list"
}

# Whether the program has the volume $1, or a container, running or not. The rest = volumes of the program.
is_used() {
  name=$1
  shift
  for known; do [ "$name" != "$known" ] || return 0; done
  containers=$(docker ps --all --quiet --filter "volume=$name") || return 0
  [ -n "$containers" ]
}

day() { date -u -d "@$1" +%F; }

main "$@"
