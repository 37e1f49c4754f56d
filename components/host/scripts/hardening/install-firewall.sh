# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows the functions of this folder and apt.sh, which reads $limit; $sudo is empty, or two words
# Puts the firewall on trial, with the ports of this stack and of others. confirm-firewall.sh keeps it.
# Arguments: 1 = <project>-<stack>, the rest = as of ruleset.
main() {
  limit=600
  shift
  needs_root hardeningFirewall
  refuse_others
  $sudo test -x /usr/sbin/nft || add_packages "The package nftables, which the firewall (hardeningFirewall) needs," nftables
  [ -n "$(ssh_ports)" ] || fail "The server does not say on which port sshd listens, so a firewall could lock you out. Nothing was changed. On the server: sshd -T | grep port"
  take_back | begin_trial firewall
  printf '%s\n' "$@" | write_file "$trials/firewall/ports"
  # shellcheck disable=SC2046 # one port a word
  ruleset $(all_ports "$@") | write_file "$trials/firewall/rules"
  said=$(load_rules "$trials/firewall/rules" 2>&1) || {
    abort_trial firewall
    fail "The rules of the firewall cannot be loaded, so there are none. nft said: $(excerpt "$said")"
  }
}

# Two firewalls would have to agree, and only one of them would know what the other blocks.
refuse_others() {
  other=""
  ! $sudo ufw status 2>/dev/null | head -n 1 | grep -q ': active' || other=ufw
  ! systemctl is-active --quiet firewalld 2>/dev/null || other=firewalld
  [ -z "$other" ] || fail "$other is active on the server, and Berth does not touch it. Nothing was changed. It does not hold for ports that Docker publishes; hardeningFirewall does. Use one of them: turn $other off on the server, or pulumi config rm hardeningFirewall"
  uplink=$({ ip -o route show default; ip -6 -o route show default; } 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p' | sort -u | while read -r name; do
    bridges | while read -r bridge; do
      # shellcheck disable=SC2254 # a pattern
      case $name in $bridge) echo "$name" ;; esac
    done
  done)
  [ -z "$uplink" ] || fail "The server's interface to the network, $uplink, is named like a bridge of containers, so the firewall would let everything pass. Nothing was changed. Rename it on the server, or: pulumi config rm hardeningFirewall"
}

take_back() {
  cat <<END_OF_SCRIPT
if [ -e $rules ]; then nft -f $rules; else nft delete table inet berth_firewall 2>/dev/null; fi
rm -rf $trials/firewall
END_OF_SCRIPT
}

main "$@" </dev/null
