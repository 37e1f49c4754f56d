# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows step.sh, timed-service.sh, apt.sh, which reads $limit, and audit-line.sh; $sudo is empty, or two words
# Installs the watch of a stack and its systemd timer. Arguments: 1 = folder of the audit logs, 2 = <project>-<stack>.
# Standard input: a line with the targets in base64, then watch.sh.
main() {
  limit=600 folder=$1/$2/alerts unit=berth-alerts-$2
  [ -z "$sudo" ] || $sudo true 2>/dev/null || fail "The alerts (alertsTo) need root on the server once, for a systemd timer, but the account $(id -un) may not use sudo without a password. Allow it, deploy as root, or remove the setting: pulumi config rm alertsTo"
  command -v systemctl >/dev/null || fail "The alerts (alertsTo) need systemd on the server. Remove the setting: pulumi config rm alertsTo"
  command -v curl >/dev/null || install_packages "The package curl, which sends the messages," curl ca-certificates
  audit_ready "$1" "$2" "$1/$2" || fail "The folder $1/$2 cannot be created on the server."
  $sudo mkdir -p "$folder"
  # Members of the group docker read what the watch has seen. They have the rights of root anyway.
  ! getent group docker >/dev/null || $sudo chgrp docker "$folder"
  $sudo chmod 2750 "$folder"
  IFS= read -r targets
  # Errors of the delivery belong to the former targets.
  $sudo rm -rf "$folder/delivery"
  printf '%s' "$targets" | base64 -d | private "$folder/targets"
  private "$folder/watch.sh"
  timed_service "Alerts of the stack $2" "docker.service network-online.target" "$folder/watch.sh watch" 300 | write_file "/etc/systemd/system/$unit.service"
  timer "$2" | write_file "/etc/systemd/system/$unit.timer"
  $sudo systemctl daemon-reload
  $sudo systemctl enable --quiet --now "$unit.timer" || fail "The timer $unit.timer cannot be started. Read why on the server: systemctl status $unit.timer"
}

# Writes standard input to the file $1, which only root can read.
private() {
  # shellcheck disable=SC2016 # the inner shell expands it
  $sudo sh -c 'umask 077; cat >"$1.new" && mv "$1.new" "$1"' sh "$1"
}

timer() {
  cat <<END
[Unit]
Description=Alerts of the stack $1, by Berth

[Timer]
OnBootSec=1min
OnUnitActiveSec=1min
AccuracySec=5s

[Install]
WantedBy=timers.target
END
}

main "$@"
