#!/bin/sh
# Reboots the server within a window, if its security updates need that. A timer starts it on the server, as root, at the beginning of the
# window. Argument: 1 = seconds of the window.
main() {
  end=$(($(date +%s) + $1))
  while [ "$(date +%s)" -lt "$end" ]; do
    if [ -e /var/run/reboot-required ] && ! is_busy && announced; then
      systemctl reboot
      return
    fi
    sleep 60
  done
}

# Whether a release, a restore or the package manager runs: whether a process holds their lock.
is_busy() {
  for file in /var/lib/berth/*/deploy.lock /var/lib/dpkg/lock-frontend; do
    inode=$(stat -c %i "$file" 2>/dev/null) || continue
    awk -v end=":$inode" '$2 != "->" && substr($6, length($6) - length(end) + 1) == end { held = 1 } END { exit !held }' /proc/locks && return
  done
  return 1
}

# Announces the reboot to the watches of the alerts, and gives them time to send it. Fails if a release has begun meanwhile.
announced() {
  ls -d /var/lib/berth/*/alerts >/dev/null 2>&1 || return 0
  mkdir -p /run/berth
  echo $(($(date +%s) + 300)) >/run/berth/reboot
  sleep 300
  ! is_busy || { rm -f /run/berth/reboot && return 1; }
}

main "$@"
