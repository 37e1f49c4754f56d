# shellcheck shell=sh disable=SC2086,SC2154 # follows the functions of this folder; $sudo is empty, or two words
# Keeps the firewall that is on trial, after a reboot too. Runs in a new connection. Arguments as of install-firewall.sh.
main() {
  confirm_trial firewall || fail "$TAKEN_BACK"
  $sudo cat "$trials/firewall/ports" | want firewall
  $sudo cat "$trials/firewall/rules" | write_file "$rules" || fail "$rules cannot be written on the server."
  service | write_file "/etc/systemd/system/$unit.service" || fail "/etc/systemd/system/$unit.service cannot be written on the server."
  $sudo systemctl daemon-reload
  $sudo systemctl enable --quiet "$unit.service"
  $sudo systemctl reload-or-restart "$unit.service" || fail "The firewall does not start. Read why on the server: systemctl status $unit"
  end_trial firewall
}

main "$@" </dev/null
