# shellcheck shell=sh disable=SC2034 # for the scripts that follow
# Holds builds back, so that the site stays fast: while containers are busy, a build gets a tenth of a container's share of the processors
# and, with cgroup v2, of the disk. The engine runs the steps of a build in cgroups of its own, which nice does not reach.

# Sets $held, options of docker build for BuildKit. They are empty where the account cannot make the cgroup, so that the build has an equal
# share. As a part of BuildKit's cache keys, they are the same in all builds.
hold_back() {
  held=""
  # A rootless engine cannot use root's cgroups.
  [ "$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null)" = unix:///var/run/docker.sock ] || return 0
  if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo -n"; fi
  # shellcheck disable=SC2086 # nothing, or two words
  if is_held "$cgroups" || $sudo sh -c "$make_group" sh "$cgroups" >/dev/null 2>&1; then held="--cgroup-parent /berth-builds"; fi
}

cgroups=/sys/fs/cgroup

# Whether a build has made the cgroup since the server started.
is_held() {
  [ "$(cat "$1/berth-builds/cpu.weight" 2>/dev/null)" = 10 ] || [ "$(cat "$1/cpu/berth-builds/cpu.shares" 2>/dev/null)" = 102 ]
}

# In version 1, a share of 1024 is usual, and in version 2 a weight of 100. BuildKit of Docker before 23 ignores the option; with version 1,
# all its steps are in docker/buildkit.
# shellcheck disable=SC2016 # $1 is that of root's shell: the folder of the cgroups
make_group='set -e
cd "$1"
hold() { mkdir -p "$2" && echo "$1" >"$2/$3"; }
if [ -e cgroup.controllers ]; then
  echo +cpu >cgroup.subtree_control
  hold 10 berth-builds cpu.weight
  { echo +io >cgroup.subtree_control && hold 10 berth-builds io.weight; } || true
else
  hold 102 cpu/docker/buildkit cpu.shares
  hold 102 cpu/berth-builds cpu.shares
fi'
