# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows step.sh and common.sh; $sudo is empty, or two words
# Functions of the steps that turn passwords of sshd off. sshd takes the first value of a setting, so the file is read before others.
drop_in=/etc/ssh/sshd_config.d/00-berth-hardening.conf

settings() {
  cat <<END_OF_SETTINGS
# Managed by Berth (hardeningSsh).
PasswordAuthentication no
KbdInteractiveAuthentication no
END_OF_SETTINGS
}

# With socket activation, sshd reads its configuration for each connection, and has no service to reload.
reload_sshd() { $sudo systemctl reload ssh 2>/dev/null || $sudo systemctl try-restart ssh; }
