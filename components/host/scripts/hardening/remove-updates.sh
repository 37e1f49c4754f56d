# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows the functions of this folder and apt.sh, which reads $limit; $sudo is empty, or two words
# Ends the updates and the reboots, as far as no other stack wants them. Arguments as of install-updates.sh.
main() {
  limit=600
  remove_reboots
  if unwant updates; then
    $sudo rm -f "$apt_file"
    for timer in $($sudo cat "$hardening/timers" 2>/dev/null); do $sudo systemctl disable --quiet --now "$timer"; done
    $sudo rm -f "$hardening/timers"
    remove_packages unattended-upgrades
  fi
  forget_packages
  tidy updates
}

main "$@" </dev/null
