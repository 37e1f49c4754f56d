# shellcheck shell=sh disable=SC2086,SC2154 # follows step.sh; $sudo is empty, or two words
# Functions of the steps that use apt. They wait while a new server still sets itself up: cloud-init, and updates that hold a lock of
# dpkg or apt. The step sets $limit, the timeout in seconds.
waited=0

# Updates the lists of packages.
update_lists() {
  wait_for_cloud_init
  say "Updating the lists of packages"
  # The sources that others added may be out of reach; the installation shows whether that matters.
  unlocked apt-get update -qq || warn "apt-get update failed, so Berth installs from the package lists that there are: $(excerpt "$output")"
}

# Updates the lists and installs packages. $1 = begin of the sentence that they cannot be installed, the rest = packages.
install_packages() {
  packages=$1
  shift
  update_lists
  unlocked env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" ||
    fail "$packages cannot be installed. apt-get said:
$(excerpt "$output")"
}

wait_for_cloud_init() {
  command -v cloud-init >/dev/null || return 0
  while cloud-init status 2>/dev/null | grep -qx 'status: running'; do
    pause "cloud-init, which still sets up the server" "Read on the server what it does: tail /var/log/cloud-init-output.log"
  done
}

# Runs a command of apt as root, again and again while another process holds a lock. Keeps its output in $output.
unlocked() {
  while ! output=$($sudo "$@" 2>&1 </dev/null); do
    case $output in
      *"Could not get lock"* | *"Unable to acquire"* | *"Unable to lock"* | *"is held by process"* | *"locked by another process"*) ;;
      *) return 1 ;;
    esac
    holder=$(printf '%s\n' "$output" | sed -n 's/.*held by process \([0-9]* *([^)]*)\).*/\1/p; s/.*held by process \([0-9]*\).*/\1/p' | head -n 1)
    pause "the lock of apt and dpkg${holder:+, which process $holder holds}" "Read on the server what holds it: ps aux | grep -E 'apt|dpkg|unattended'"
  done
}

# Waits a while, and reports it. $1 = for what, $2 = advice after the timeout.
pause() {
  [ "$waited" -lt "$limit" ] || fail "The server is not ready after $limit s: Berth waited for $1.
Nothing was installed. $2, and deploy again when it has finished."
  [ $((waited % 15)) != 0 ] || say "Waiting for $1 ($waited of $limit s) …"
  sleep 5
  waited=$((waited + 5))
}
