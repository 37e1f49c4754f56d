# shellcheck shell=sh disable=SC2086,SC2154 # follows step.sh and apt.sh; $sudo is empty, or two words
# Ends the shipping of a stack's logs. Lines that wait are lost for the target; the journal has them. Arguments as of install-shipper.sh.
main() {
  unit=$1-shipper
  $sudo systemctl disable --quiet --now "$unit.service" 2>/dev/null
  $sudo rm -rf "/etc/systemd/system/$unit.service" "/etc/rsyslog-$1.conf" "/etc/rsyslog-$1.pem" "/var/lib/$unit"
  $sudo systemctl daemon-reload
}

main "$@" </dev/null
