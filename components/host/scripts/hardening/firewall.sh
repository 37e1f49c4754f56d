# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows step.sh and common.sh; $sudo is empty, or two words
# Functions of the steps of the firewall: a table of its own in nftables.
rules=$hardening/firewall.nft unit=berth-firewall

# Prints the rules. Arguments: ports as <number>/<tcp or udp>, and the other servers of a Swarm as peer/<address>.
# The first chain sees packets before Docker changes their address, so it also holds for published ports. It judges what arrives for the
# server itself: what it forwards to other machines, and what its containers send, passes. It filters protocols with ports only, so ICMP
# passes. The second chain closes the way to containers past their published ports, which a neighbour in the server's network has.
ruleset() {
  cat <<END_OF_RULES
# Managed by Berth (hardeningFirewall).
table inet berth_firewall
delete table inet berth_firewall
table inet berth_firewall {
  set tcp_ports {
    type inet_service
$(elements tcp "$@")
  }
  set udp_ports {
    type inet_service
$(elements udp "$@")
  }
$(peer_set 4 "$@")
$(peer_set 6 "$@")
  chain arriving {
    type filter hook prerouting priority -150; policy accept;
    meta l4proto != { tcp, udp, sctp, dccp, udplite } accept
    iif lo accept
$(bridges | sed 's/.*/    iifname "&" accept/')
    fib daddr type unicast accept
    ct state established,related accept
    tcp dport @tcp_ports accept
    udp dport @udp_ports accept
    ip saddr @peers4 meta l4proto { tcp, udp } th dport { 2377, 4789, 7946 } accept
    ip6 saddr @peers6 meta l4proto { tcp, udp } th dport { 2377, 4789, 7946 } accept
    udp sport 67 udp dport 68 accept
    udp sport 547 udp dport 546 accept
    counter drop
  }
  chain passing {
    type filter hook forward priority -10; policy accept;
    ct state established,related accept
    ct status dnat accept
$(bridges | sed 's/.*/    iifname "&" accept/')
    oifname "docker*" counter drop
    oifname "br-*" counter drop
  }
}
END_OF_RULES
}

# Bridges on the server with containers and virtual machines, which are not outside.
bridges() { printf '%s\n' 'docker*' 'br-*' 'virbr*' 'lxcbr*' 'lxdbr*' 'podman*'; }

# $1 = protocol, the rest = ports.
elements() {
  list=$(protocol=$1 && shift && printf '%s\n' "$@" | sed -n "s,/$protocol\$,,p" | sort -nu | paste -s -d ,)
  [ -z "$list" ] || echo "    elements = { $list }"
}

# The addresses from which the ports of a Swarm are reachable. $1 = 4 or 6, the rest = as of ruleset.
peer_set() {
  version=$1 dots='\.'
  shift
  [ "$version" = 4 ] || dots=:
  list=$(printf '%s\n' "$@" | sed -n 's,^peer/,,p' | grep -e "$dots" | sort -u | paste -s -d ,)
  echo "  set peers$version {"
  echo "    type ipv${version}_addr"
  [ -z "$list" ] || echo "    elements = { $list }"
  echo "  }"
}

# All ports and peers: of this stack ($stack), of others, and of sshd. Arguments: those of this stack.
all_ports() {
  {
    printf '%s\n' "$@"
    for file in "$hardening"/firewall/*; do [ ! -f "$file" ] || [ "${file##*/}" = "$stack" ] || cat "$file"; done
    ssh_ports
  } | grep . | sort -u
}

load_rules() { $sudo nft -f "$1"; }

# Deletes the rules, and nothing of others.
unload_rules() { $sudo nft delete table inet berth_firewall 2>/dev/null || true; }

# Others may flush all rules when they load theirs (nftables.service), so ours are loaded after them.
service() {
  cat <<END_OF_UNIT
[Unit]
Description=Firewall, by Berth
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target shutdown.target
After=local-fs.target nftables.service
Conflicts=shutdown.target
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f $rules
ExecReload=/usr/sbin/nft -f $rules
ExecStop=/usr/sbin/nft delete table inet berth_firewall

[Install]
WantedBy=sysinit.target
END_OF_UNIT
}
