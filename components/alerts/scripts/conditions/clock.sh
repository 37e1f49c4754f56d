# shellcheck shell=sh disable=SC2154 # part of watch.sh
# The clock is synchronized. Sign-ins, certificates and backups go wrong with a wrong one.
CLOCK_PATIENCE=1800

clock_conditions() {
  synchronized=$(timeout 10 timedatectl show --property=NTPSynchronized --value 2>/dev/null)
  [ -n "$synchronized" ] || return 1
  [ "$synchronized" != no ] || raise synchronized $CLOCK_PATIENCE "The server's clock is not synchronized." "On the server: timedatectl set-ntp true, then timedatectl timesync-status. The firewall must let UDP port 123 out."
}
