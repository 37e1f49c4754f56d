# shellcheck shell=sh disable=SC2086,SC2154 # follows step.sh; $sudo is empty, or two words
# Removes the node exporter, the timer of the metrics and what they have written. Arguments as of install.sh.
main() {
  unit=berth-metrics-$2
  for one in "$unit-collect.timer" "$unit-collect.service" "$unit.socket" "$unit.service"; do
    [ -e "/etc/systemd/system/$one" ] || continue
    $sudo systemctl disable --quiet --now "$one" || warn "The unit $one cannot be stopped. On the server: systemctl disable --now $one"
    $sudo rm -f "/etc/systemd/system/$one"
  done
  $sudo systemctl daemon-reload
  $sudo rm -rf "$1"
  # Other stacks may have theirs.
  $sudo rmdir "${1%/*}" 2>/dev/null || true
}

main "$@" </dev/null
