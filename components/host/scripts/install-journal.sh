# shellcheck shell=sh disable=SC2086,SC2154 # follows step.sh; $sudo is empty, or two words
# Creates the journal of a stack: a namespace of journald with files and limits of its own. Repeatable.
# Arguments: 1 = namespace, 2 = maximum size in MB, 3 = days.
main() {
  journal=$1 drop_in=/etc/systemd/system/docker.service.d/berth-logs-$1.conf
  off="Or let logs end with their containers: pulumi config set logsMaxSizeMb 0"
  [ -z "$sudo" ] || $sudo true 2>/dev/null || fail "The logs' journal (logsMaxSizeMb) needs root on the server once, but the account $(id -un) may not use sudo without a password. Allow it, or deploy as root. $off"
  # shellcheck disable=SC2015 # both must succeed
  command -v systemctl >/dev/null && systemctl cat "systemd-journald@$journal.socket" >/dev/null 2>&1 ||
    fail "The logs' journal (logsMaxSizeMb) needs systemd 246 or later on the server. $off"
  wanted=$(settings "$2" "$3") conf=/etc/systemd/journald@$journal.conf
  $sudo mkdir -p "${drop_in%/*}"
  if [ "$wanted" = "$($sudo cat "$conf" 2>/dev/null)" ]; then changed=no; else changed=yes; fi
  printf '%s\n' "$wanted" | write_file "$conf" || fail "$conf cannot be written on the server."
  before_engine | write_file "$drop_in" || fail "$drop_in cannot be written on the server."
  $sudo systemctl daemon-reload
  $sudo systemctl start "systemd-journald@$journal.socket" || fail "The logs' journal cannot be started. Read why on the server: systemctl status systemd-journald@$journal.socket"
  # Its socket stays open meanwhile.
  [ "$changed" = no ] || $sudo systemctl try-restart "systemd-journald@$journal.service"
}

# A file has the entries of one day, as journald deletes whole files. Without a limit of the rate: the size is limited. Forwarding is for
# install-shipper.sh; without it, nobody listens.
settings() {
  cat <<END
# Written by Berth for the setting logsMaxSizeMb.
[Journal]
Storage=persistent
SystemMaxUse=${1}M
MaxRetentionSec=${2}day
MaxFileSec=1day
RateLimitIntervalSec=0
ForwardToSyslog=yes
ForwardToWall=no
END
}

# After a reboot, containers start only with the socket of their log. systemd stops a socket that no unit needs.
before_engine() {
  cat <<END
[Unit]
Wants=systemd-journald@$journal.socket
After=systemd-journald@$journal.socket
END
}

main "$@" </dev/null
