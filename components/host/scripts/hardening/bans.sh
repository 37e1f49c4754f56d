# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows step.sh and common.sh; $sudo is empty, or two words
# Names of what the steps of the bans write. The jails' files are read last.
jails=/etc/fail2ban/jail.d/zz-berth.conf site_jail=/etc/fail2ban/jail.d/zz-berth-$stack.conf filter=/etc/fail2ban/filter.d/berth-sign-in.conf
unit=berth-sign-ins-$stack log=/var/log/berth-sign-ins-$stack.log

reload_bans() { $sudo systemctl reload-or-restart fail2ban; }

remove_site() {
  $sudo rm -f "$site_jail"
  if $sudo test -e "/etc/systemd/system/$unit.service"; then
    $sudo systemctl disable --quiet --now "$unit.service"
    $sudo rm -f "/etc/systemd/system/$unit.service"
    $sudo systemctl daemon-reload
  fi
  $sudo rm -f "$hardening/sign-ins-$stack.sh"
}

remove_all() {
  $sudo rm -f "$jails" "$filter" "$hardening/signed-in.sh"
}
