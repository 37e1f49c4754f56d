# shellcheck shell=sh # follows step.sh
# Prints the systemd service of a script that a timer of a stack starts.
# Arguments: 1 = description, 2 = units after which it starts, 3 = script and its arguments, 4 = timeout in seconds.
timed_service() {
  cat <<END_OF_UNIT
[Unit]
Description=$1, by Berth
After=$2

[Service]
Type=oneshot
ExecStart=/bin/sh $3
TimeoutStartSec=$4
Nice=10
NoNewPrivileges=yes
PrivateTmp=yes
ProtectHome=yes
# Two lines of each start would fill the journal.
LogLevelMax=notice
END_OF_UNIT
}
