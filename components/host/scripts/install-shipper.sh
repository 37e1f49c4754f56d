# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows step.sh and apt.sh, which reads $limit; $sudo is empty, or two words
# Ships the entries of a stack's journal to a syslog server over TLS: an rsyslogd of its own, which journald forwards to. The server's
# own rsyslog is not configured. Repeatable. Arguments: 1 = journal, 2 = host, 3 = port, 4 = <project> <stack>.
# Standard input: certificates of the authority, or nothing for those that the server trusts.
main() {
  limit=600 journal=$1 unit=$1-shipper conf=/etc/rsyslog-$1.conf authority=/etc/rsyslog-$1.pem
  { [ -e /usr/sbin/rsyslogd ] && has_tls; } ||
    install_packages "The packages rsyslog and rsyslog-gnutls, which ship the logs," rsyslog rsyslog-gnutls ca-certificates
  write_file "$authority"
  [ -s "$authority" ] || authority=/etc/ssl/certs/ca-certificates.crt
  configuration "$2" "$3" "${4% *}" "${4#* }" | write_file "$conf" || fail "$conf cannot be written on the server."
  service | write_file "/etc/systemd/system/$unit.service"
  $sudo systemctl daemon-reload
  $sudo systemctl enable --quiet "$unit.service"
  $sudo systemctl restart "$unit.service" || fail "The shipping of logs (logsShipTo) cannot be started. Read why on the server: journalctl -u $unit"
}

has_tls() { ls /usr/lib/*/rsyslog/lmnsd_gtls.so >/dev/null 2>&1; }

# RFC 5424 with the service as APP-NAME. While the target is away, lines wait on the disk; beyond the limit, new ones are dropped. journald
# never waits for this rsyslogd.
# 32473 is IANA's number for examples. The text comes last, so that it can have any form.
configuration() {
  cat <<END
global(workDirectory="/var/lib/$unit" defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="$authority")
module(load="imuxsock" sysSock.use="off")
input(type="imuxsock" socket="/run/systemd/journal.$journal/syslog" createPath="off" unlink="on" useSysTimeStamp="on" rateLimit.interval="0" parseTrusted="off" usePIDFromSystem="off")
template(name="berth" type="string" string="<%PRI%>1 %TIMEGENERATED:::date-rfc3339% %HOSTNAME% %programname% - - [berth@32473 project=\"$3\" stack=\"$4\" container=\"%syslogtag:R,ERE,1,BLANK:/([A-Za-z0-9_.-]+)--end%\"]%msg:::sp-if-no-1st-sp%%msg%")
if \$syslogtag contains "/" then action(type="omfwd" target="$1" port="$2" protocol="tcp" tcp_framing="octet-counted" template="berth" StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="$1" action.resumeRetryCount="-1" action.resumeInterval="5" action.resumeIntervalMax="60" queue.type="LinkedList" queue.size="20000" queue.highWatermark="5000" queue.lowWatermark="1000" queue.filename="waiting" queue.maxDiskSpace="256m" queue.saveOnShutdown="on" queue.timeoutEnqueue="2000")
END
}

# Ubuntu's AppArmor profile of rsyslogd allows the files of the server's own one only, so systemd confines this one.
service() {
  cat <<END
[Unit]
Description=Ships the logs of $journal, by Berth
Requires=systemd-journald@$journal.socket
After=systemd-journald@$journal.socket network-online.target
Wants=network-online.target

[Service]
Type=notify
ExecStart=/usr/sbin/rsyslogd -n -iNONE -f $conf
Restart=on-failure
RestartSec=10
StateDirectory=$unit
ReadWritePaths=/run/systemd/journal.$journal
AppArmorProfile=-unconfined
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
MemoryMax=128M

[Install]
WantedBy=multi-user.target
END
}

main "$@"
