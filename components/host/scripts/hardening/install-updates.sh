# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows the functions of this folder and apt.sh, which reads $limit; $sudo is empty, or two words
# Lets the server install security updates by itself, and reboot in a window if they need it. Repeatable.
# Arguments: 1 = <project>-<stack>, 2 = begin of the window as systemd writes it, or nothing for no reboots, 3 = its seconds.
# Standard input: reboot.sh.
main() {
  limit=600
  needs_root hardeningUpdates
  $sudo test -x /usr/bin/unattended-upgrade || add_packages "The package unattended-upgrades, which installs security updates (hardeningUpdates)," unattended-upgrades
  settings | write_file "$apt_file" || fail "$apt_file cannot be written on the server."
  start_timers
  if [ -n "$2" ]; then reboots_in "$2" "$3"; else remove_reboots; fi
  echo "$2" | want updates
}

# Which updates are security updates is set in unattended-upgrades' own file. Reboots are Berth's, in the window only.
settings() {
  cat <<END_OF_SETTINGS
// Managed by Berth (hardeningUpdates).
APT::Periodic::Enable "1";
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Automatic-Reboot "false";
END_OF_SETTINGS
}

# Those that did not run are remembered, so that remove-updates.sh stops them.
start_timers() {
  for timer in apt-daily.timer apt-daily-upgrade.timer; do
    ! systemctl is-enabled --quiet "$timer" 2>/dev/null || continue
    $sudo systemctl enable --quiet --now "$timer" || fail "$timer, which installs updates, cannot be started. Read why on the server: systemctl status $timer"
    { $sudo cat "$hardening/timers" 2>/dev/null; echo "$timer"; } | write_timers
  done
}

write_timers() {
  $sudo mkdir -p "$hardening"
  write_file "$hardening/timers"
}

# $1 = begin, $2 = seconds. A window that was missed is not made up.
reboots_in() {
  $sudo mkdir -p "$hardening"
  write_file "$hardening/reboot-$stack.sh"
  write_file "/etc/systemd/system/$unit.service" <<END_OF_UNIT
[Unit]
Description=Reboot for security updates, by Berth
After=docker.service

[Service]
Type=exec
ExecStart=/bin/sh $hardening/reboot-$stack.sh $2
END_OF_UNIT
  write_file "/etc/systemd/system/$unit.timer" <<END_OF_UNIT
[Unit]
Description=Window for reboots, by Berth

[Timer]
OnCalendar=$1
AccuracySec=1s

[Install]
WantedBy=timers.target
END_OF_UNIT
  $sudo systemctl daemon-reload
  $sudo systemctl enable --quiet "$unit.timer"
  $sudo systemctl restart "$unit.timer" || fail "The window for reboots (hardeningRebootWindow) cannot be started. Read why on the server: systemctl status $unit.timer"
}

main "$@"
