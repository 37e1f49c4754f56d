# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows the functions of this folder and apt.sh, which reads $limit; $sudo is empty, or two words
# Lets fail2ban ban addresses whose sign-ins fail: those of sshd, and those of the site's passwords. Repeatable.
# Arguments: 1 = <project>-<stack>, 2 = ports of the site, separated by commas, or nothing for no bans there, 3 = project, 4 = stack.
# Standard input: sign-ins.sh.
main() {
  limit=600
  needs_root hardeningBans
  missing=""
  $sudo test -x /usr/bin/fail2ban-server || missing=fail2ban
  python3 -c 'import systemd.journal' 2>/dev/null || missing="$missing python3-systemd"
  $sudo test -x /usr/sbin/nft || missing="$missing nftables"
  [ -z "$missing" ] || add_packages "The packages$(printf ' %s' $missing), which the bans (hardeningBans) need," $missing
  $sudo mkdir -p "$hardening"
  signed_in | write_file "$hardening/signed-in.sh"
  sign_in_filter | write_file "$filter" || fail "$filter cannot be written on the server."
  sshd_jail | write_file "$jails"
  if [ -n "$2" ]; then bans_at_site "$2" "$3" "$4"; else remove_site; fi
  if ! said=$($sudo fail2ban-client -t 2>&1); then
    remove_site
    ! unwant bans || remove_all
    fail "fail2ban does not accept Berth's settings, so they are removed. It said: $(excerpt "$said")"
  fi
  $sudo systemctl enable --quiet fail2ban
  reload_bans || fail "fail2ban does not start. Read why on the server: journalctl -u fail2ban"
  echo "$2" | want bans
}

# The package's own jail needs a log file that new servers do not have, and would not spare who deploys.
sshd_jail() {
  echo "# Managed by Berth (hardeningBans)."
  ! is_own_package fail2ban || printf '[sshd]\nenabled = false\n\n'
  cat <<END_OF_JAIL
[berth-sshd]
enabled = true
filter = sshd
backend = systemd
journalmatch = _SYSTEMD_UNIT=ssh.service + _COMM=sshd + _COMM=sshd-session
port = $(ssh_ports | sed 's,/tcp,,' | paste -s -d ,)
maxretry = 5
$(common_settings)
END_OF_JAIL
}

# $1 = ports, $2 = project, $3 = stack.
bans_at_site() {
  write_file "$hardening/sign-ins-$stack.sh"
  $sudo touch "$log"
  write_file "/etc/systemd/system/$unit.service" <<END_OF_UNIT
[Unit]
Description=Failed sign-ins at the site of $stack, by Berth
After=docker.service
Before=fail2ban.service

[Service]
ExecStart=/bin/sh $hardening/sign-ins-$stack.sh $2 $3 $log
Restart=always
RestartSec=10
Nice=10
NoNewPrivileges=yes
PrivateTmp=yes

[Install]
WantedBy=multi-user.target
END_OF_UNIT
  $sudo systemctl daemon-reload
  $sudo systemctl enable --quiet "$unit.service"
  $sudo systemctl restart "$unit.service"
  write_file "$site_jail" <<END_OF_JAIL
# Managed by Berth (hardeningBans).
[berth-site-$stack]
enabled = true
filter = berth-sign-in
backend = polling
logpath = $log
port = $1
maxretry = 10
$(common_settings)
END_OF_JAIL
}

# The bans hold for published ports too: they are in a table of their own, before Docker changes a packet's address. fail2ban ignores the
# server's own addresses, such as that of Docker's gateway, by itself.
common_settings() {
  client=${SSH_CONNECTION:-}
  cat <<END_OF_SETTINGS
findtime = 10m
bantime = 1h
ignoreip = 127.0.0.1/8 ::1 ${client%% *}
ignorecommand = /bin/sh $hardening/signed-in.sh <ip>
action = nftables[type=multiport, name=%(__name__)s, port="%(port)s", protocol=tcp, table=berth-bans, chain=arriving, chain_hook=prerouting, chain_priority=-160, blocktype=drop]
END_OF_SETTINGS
}

sign_in_filter() {
  cat <<'END_OF_FILTER'
# Managed by Berth (hardeningBans): lines of sign-ins.sh.
[Definition]
failregex = ^\s*sign-in failed from <ADDR>$
datepattern = ^EPOCH
END_OF_FILTER
}

# Succeeds for an address that has signed in with a key lately, as whoever deploys has.
signed_in() {
  cat <<'END_OF_SCRIPT'
#!/bin/sh
# Managed by Berth (hardeningBans).
address=$(printf '%s' "$1" | sed 's/[.]/[.]/g')
journalctl --quiet --no-pager --output cat --since=-30days _COMM=sshd + _COMM=sshd-session |
  grep -qE "^Accepted publickey for [^ ]+ from $address port "
END_OF_SCRIPT
}

main "$@"
