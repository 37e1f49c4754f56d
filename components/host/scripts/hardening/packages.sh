# shellcheck shell=sh disable=SC2086,SC2154 # follows step.sh, apt.sh and common.sh; $sudo is empty, or two words
# Installs packages, and remembers which of them were not there, so that they can be removed. $1 and the rest as of install_packages.
add_packages() {
  before=$(installed)
  install_packages "$@"
  $sudo mkdir -p "$hardening"
  { remembered; installed | grep -vxF "$before"; } | sort -u | write_file "$hardening/packages"
}

# Removes packages that add_packages has installed, with what only they need, and keeps their configuration if others have changed it.
# Whatever others need stays. Arguments: packages.
remove_packages() {
  for package; do
    remembered | grep -qxF "$package" || continue
    removed=$(apt_simulated purge "$package")
    if printf '%s\n' "$removed" | grep -vxF "$package" | grep -q .; then
      warn "The package $package, which Berth has installed, stays on the server, as other packages need it."
    else
      unlocked env DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq "$package" || warn "The package $package stays on the server: $(excerpt "$output")"
    fi
  done
  unneeded=$(apt_simulated autoremove | only "$(remembered)")
  [ -z "$unneeded" ] || unlocked env DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq $unneeded || true
  left=$(remembered | only "$(installed)")
  if [ -n "$left" ]; then printf '%s\n' "$left" | write_file "$hardening/packages"; else $sudo rm -f "$hardening/packages"; fi
}

# Ends the memory when nothing on the server is hardened with packages any more. What is left, others recommend.
forget_packages() {
  for subject in firewall updates bans; do ! is_wanted "$subject" || return 0; done
  left=$(remembered | paste -s -d ' ')
  [ -n "$left" ] || return 0
  warn "These packages, which Berth has installed, stay on the server, as others need or recommend them: $left"
  $sudo rm -f "$hardening/packages"
}

remembered() { $sudo cat "$hardening/packages" 2>/dev/null; }

# Whether Berth has installed the package $1.
is_own_package() { remembered | grep -qxF "$1"; }

installed() { dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null | sed -n 's/^ii  *//p'; }

# Packages that apt would remove.
apt_simulated() { $sudo apt-get --simulate "$@" 2>/dev/null | sed -n 's/^\(Purg\|Remv\) \([^ ]*\).*/\2/p'; }

# Lines of the input that are among the lines $1.
only() {
  if [ -n "$1" ]; then grep -xF "$1" || true; fi
}
