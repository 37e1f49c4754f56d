# shellcheck shell=sh disable=SC2086,SC2154 # follows step.sh; $sudo is empty, or two words
# Raises sshd's limits of connections if they have their defaults. If sshd rejects the file, it is taken back.
# Arguments: 1 = a drop-in for sshd.
main() {
  file=/etc/ssh/sshd_config.d/berth.conf
  put_back $file
  [ "$($sudo cat $file 2>/dev/null)" != "$1" ] || return 0
  defaults=$($sudo sshd -T 2>/dev/null | grep -cx -e 'maxsessions 10' -e 'maxstartups 10:30:100' || true)
  [ "$defaults" = 2 ] || return 0
  # An sshd that is not valid before would not be after, and must not be reloaded.
  reason=$($sudo sshd -t 2>&1) || { left "sshd's configuration is not valid already: $reason"; return 0; }
  $sudo mkdir -p "${file%/*}"
  keep $file
  printf '%s\n' "$1" | write_file $file
  if reason=$($sudo sshd -t 2>&1) && reason=$($sudo systemctl reload ssh 2>&1) && reason=$(still_active); then
    forget $file
    return 0
  fi
  put_back $file
  $sudo systemctl reload ssh 2>/dev/null || $sudo systemctl restart ssh || true
  left "${reason:-sshd does not run with it}"
}

# With socket activation, the service runs as long as there is a connection, such as this one.
still_active() {
  sleep 1
  $sudo systemctl is-active --quiet ssh || $sudo systemctl is-active --quiet ssh.socket
}

left() { warn "sshd keeps its limits, as it cannot take $file ($(excerpt "$1")). Deployments work, with more connections."; }

main "$@" </dev/null
