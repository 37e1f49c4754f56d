# shellcheck shell=sh disable=SC2086,SC2154 # follows updates.sh; $sudo is empty, or two words
# Removes the window for reboots of the stack $stack.
remove_reboots() {
  $sudo test -e "/etc/systemd/system/$unit.timer" || return 0
  $sudo systemctl disable --quiet --now "$unit.timer"
  $sudo systemctl stop "$unit.service"
  $sudo rm -f "/etc/systemd/system/$unit.timer" "/etc/systemd/system/$unit.service" "$hardening/reboot-$stack.sh"
  $sudo systemctl daemon-reload
}
