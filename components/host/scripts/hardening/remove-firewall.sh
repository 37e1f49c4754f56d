# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows the functions of this folder and apt.sh; $sudo is empty, or two words
# Removes the firewall, or the ports of this stack where other stacks want it. Arguments as of install-firewall.sh.
main() {
  limit=600
  end_trial firewall
  if unwant firewall; then
    $sudo systemctl disable --quiet --now "$unit.service" 2>/dev/null
    unload_rules
    $sudo rm -f "/etc/systemd/system/$unit.service" "$rules"
    $sudo systemctl daemon-reload
    is_wanted bans || remove_packages nftables
  else
    # shellcheck disable=SC2046 # one port a word
    ruleset $(all_ports) | write_file "$rules"
    $sudo systemctl reload-or-restart "$unit.service"
  fi
  forget_packages
  tidy firewall
}

main "$@" </dev/null
