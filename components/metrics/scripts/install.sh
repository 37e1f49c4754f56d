# shellcheck shell=sh disable=SC2086,SC2154 # follows step.sh and timed-service.sh; $sudo is empty, or two words
# Installs the node exporter of an image and the timer that writes the stack's metrics for it.
# Arguments: 1 = folder of the metrics, 2 = <project>-<stack>, 3 = image of the node exporter. Standard input: collect.sh.
main() {
  folder=$1 unit=berth-metrics-$2
  [ -z "$sudo" ] || $sudo true 2>/dev/null || fail "The metrics need root on the server once, for a systemd timer, but the account $(id -un) may not use sudo without a password. Allow it, deploy as root, or turn the metrics off: pulumi config set metricsPort 0, pulumi config rm metricsScraper"
  command -v systemctl >/dev/null || fail "The metrics need systemd on the server. Turn them off: pulumi config set metricsPort 0, pulumi config rm metricsScraper"
  $sudo mkdir -p "$folder/textfile" "$folder/socket"
  # Everybody may read metrics, as the port on the loopback address is open to all accounts too.
  $sudo chmod 755 "${folder%/*}" "$folder" "$folder/textfile" "$folder/socket"
  write_file "$folder/collect.sh"
  exporter "$3"
  service "$2" | write_file "/etc/systemd/system/$unit.service"
  socket "$2" | write_file "/etc/systemd/system/$unit.socket"
  timed_service "Metrics of the stack $2" docker.service "$folder/collect.sh" 120 | write_file "/etc/systemd/system/$unit-collect.service"
  timer "$2" | write_file "/etc/systemd/system/$unit-collect.timer"
  $sudo systemctl daemon-reload
  # The next request starts it, in its new version.
  $sudo systemctl stop "$unit.service" 2>/dev/null || true
  for one in "$unit.socket" "$unit-collect.timer"; do
    $sudo systemctl enable --quiet --now "$one" || fail "The unit $one cannot be started. Read why on the server: systemctl status $one"
  done
  # So that the first metrics are there with the endpoint. The timer repeats what fails.
  $sudo systemctl start "$unit-collect.service" || true
}

# Copies the program out of the image, which never runs as a container.
exporter() {
  id=$(docker create "$1") || fail "The image $1 cannot be used."
  # shellcheck disable=SC2016 # the inner shell expands them
  docker cp --follow-link "$id:/bin/node_exporter" - | $sudo sh -c 'umask 022 && tar -xOf - >"$1.new" && chmod 755 "$1.new" && mv -f "$1.new" "$1"' sh "$folder/node_exporter" ||
    copied=no
  docker rm "$id" >/dev/null
  [ "${copied:-yes}" = yes ] || fail "The program /bin/node_exporter cannot be copied out of the image $1."
}

service() {
  cat <<END
[Unit]
Description=Metrics of the server, for the stack $1, by Berth
Requires=$unit.socket

[Service]
ExecStart=$folder/node_exporter --web.systemd-socket --web.disable-exporter-metrics --collector.textfile.directory=$folder/textfile --log.level=warn
User=nobody
NoNewPrivileges=yes
CapabilityBoundingSet=
MemoryMax=128M
CPUQuota=50%
Nice=10
END
}

socket() {
  cat <<END
[Unit]
Description=Metrics of the server, for the stack $1, by Berth

[Socket]
ListenStream=$folder/socket/node-exporter.sock
SocketMode=0666

[Install]
WantedBy=sockets.target
END
}

timer() {
  cat <<END
[Unit]
Description=Metrics of the stack $1, by Berth

[Timer]
OnActiveSec=0
OnBootSec=30s
OnUnitActiveSec=30s
AccuracySec=2s

[Install]
WantedBy=timers.target
END
}

main "$@"
