# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows the functions of this folder and apt.sh, which reads $limit; $sudo is empty, or two words
# Ends the bans at the site of this stack, and those of sshd if no other stack wants them. Arguments as of install-bans.sh.
main() {
  limit=600
  remove_site
  $sudo rm -f "$log"
  ! unwant bans || last=yes
  [ "${last:-}" != yes ] || remove_all
  ! $sudo systemctl is-active --quiet fail2ban || reload_bans || warn "fail2ban cannot be reloaded. Read why on the server: journalctl -u fail2ban"
  if [ "${last:-}" = yes ]; then
    remove_packages fail2ban python3-systemd
    # fail2ban removes it when it stops, unless it was killed.
    $sudo nft delete table inet berth-bans 2>/dev/null
    is_wanted firewall || remove_packages nftables
  fi
  forget_packages
  tidy bans
}

main "$@" </dev/null
