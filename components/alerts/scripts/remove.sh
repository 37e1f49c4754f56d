# shellcheck shell=sh disable=SC2086,SC2154 # follows step.sh; $sudo is empty, or two words
# Removes the watch of a stack, its timer, and what it remembers. Arguments as of install.sh.
main() {
  unit=berth-alerts-$2
  if [ -e "/etc/systemd/system/$unit.timer" ]; then
    $sudo systemctl disable --quiet --now "$unit.timer" || warn "The timer $unit.timer cannot be stopped. On the server: systemctl disable --now $unit.timer"
    $sudo rm -f "/etc/systemd/system/$unit.timer" "/etc/systemd/system/$unit.service"
    $sudo systemctl daemon-reload
  fi
  $sudo rm -rf "$1/$2/alerts"
  rm -f "$1/$2/expected"
}

main "$@" </dev/null
