# shellcheck shell=sh disable=SC2154 # part of watch.sh
# Security updates are installed, and the server is rebooted when they need it.
updates_conditions() {
  announce_reboot
  ! due updates 86400 || count_updates
  days=$((UPDATE_DAYS * 86400))
  pending=$(cat "$here/updates" 2>/dev/null)
  [ "${pending:-0}" = 0 ] || raise security "$days" "$pending security updates have not been installed for more than $UPDATE_DAYS days." "On the server: apt-get update && apt-get upgrade, and for the future: pulumi config set hardeningUpdates true --stack $stack"
  since=$(stat -c %Y /var/run/reboot-required 2>/dev/null) || return 0
  [ $((now - since)) -lt "$days" ] || raise reboot 0 "The server has needed a reboot for $(((now - since) / 86400)) days, so updates of its kernel or libraries have no effect." "Reboot it at a quiet time: the stack starts by itself. On the server: reboot"
}

# Announces a reboot in the window of hardeningRebootWindow once. It comes some minutes later.
announce_reboot() {
  at=$(cat /run/berth/reboot 2>/dev/null) || return 0
  [ "$at" != "$(cat "$here/rebooted" 2>/dev/null)" ] || return 0
  echo "$at" >"$here/rebooted"
  report announced "The server reboots at $(utc "$at" %H:%M) UTC, as its security updates need that. The site is down meanwhile." "Nothing: the stack starts by itself. To choose another time: pulumi config set hardeningRebootWindow … --stack $stack"
}

# Keeps the last number if apt cannot tell, e.g. without apt.
count_updates() {
  if list=$(timeout 120 apt-get --simulate --quiet -o Debug::NoLocking=true dist-upgrade 2>/dev/null); then
    printf '%s\n' "$list" | grep -ci '^Inst .*[-/: ]security' >"$here/updates"
  fi
}
