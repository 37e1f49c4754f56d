# shellcheck shell=sh disable=SC2034,SC2154 # follows step.sh and common.sh
# Names of what the steps of the updates write.
apt_file=/etc/apt/apt.conf.d/99berth-updates unit=berth-reboot-$stack
