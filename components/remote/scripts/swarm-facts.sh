# shellcheck shell=sh
# Prints the address of this server for the others, the largest packet of that network in bytes, and whether the kernel can encrypt
# packets (IPsec): `10.0.0.5 1450 yes`. If the server sends from another address of the same interface, prints that one and exits with 3:
# packets between containers would be dropped, as Swarm expects them from the address that it knows. Changes nothing.
# Arguments: 1 = project, 2 = stack, 3 = address; empty for the one of the default route.
main() {
  PATH=$PATH:/usr/sbin:/sbin
  export LC_ALL=C
  address=${3:-$(ip -4 route get 192.0.2.1 | sed -n 's/.* src \([0-9.]*\).*/\1/p')}
  device=$(ip -o addr show to "$address" | awk '{ sub("@.*", "", $2); print $2; exit }')
  [ -n "$device" ] || exit 1
  first=$(ip -4 -o addr show dev "$device" scope global | awk '{ sub("/.*", "", $4); print $4; exit }')
  case $address in *:* | "$first") ;; *) echo "$first" && exit 3 ;; esac
  if can_encrypt; then encrypts=yes; else encrypts=no; fi
  echo "$address $(cat "/sys/class/net/$device/mtu") $encrypts"
}

# Whether the kernel has IPsec, as a module or built in. modprobe -n loads nothing.
can_encrypt() {
  [ -e /proc/net/xfrm_stat ] && for module in esp4 xfrm_user; do
    grep -qw "^$module" /proc/modules 2>/dev/null || modprobe -n -q "$module" 2>/dev/null || return 1
  done
}

main "$@"
