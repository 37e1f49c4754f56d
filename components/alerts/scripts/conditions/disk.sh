# shellcheck shell=sh disable=SC2154 # part of watch.sh
# The disk of the engine and the system's have space and inodes.
disk_conditions() {
  system=$(df -Pk / | awk 'NR == 2 { print $4, $2 }')
  room system "$system" "space on the system's disk"
  inodes system /
  [ "$engine" = yes ] || return 0
  engines=$(engine_disk docker)
  # Mostly they are one.
  [ "${engines#* }" = "${system#* }" ] || {
    room engine "$engines" "space on the disk of Docker"
    inodes engine "$(docker info --format '{{.DockerRootDir}}')"
  }
}

inodes() { room "$1-inodes" "$(df -Pi "$2" 2>/dev/null | awk 'NR == 2 && $2 + 0 > 0 { print $4, $2 }')" "inodes on the disk with $2"; }

# $1 = name, $2 = free and total, $3 = what of.
room() {
  free=${2% *} total=${2#* } limit=$DISK_PERCENT
  [ "${total:-0}" -gt 0 ] || return 0
  ! is_open "$1" || limit=$((limit + 2))
  [ $((free * 100 / total)) -ge "$limit" ] ||
    raise "$1" 0 "Only $((free * 100 / total)) % of the $3 are free." "Free some before the database stops: see what uses it with $(berth status), and remove old images on the server: docker image prune --all"
}
