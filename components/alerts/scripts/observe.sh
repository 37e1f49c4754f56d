# shellcheck shell=sh disable=SC2034,SC2154 # part of watch.sh; conditions/*.sh use the variables
# What several kinds of conditions need to know, observed once a run.

# A command of a hanging engine must not keep the watch from reporting that.
docker() { timeout 30 docker "$@"; }

observe() {
  engine=no facts="" quiet=""
  : >"$work/containers"
  docker version --format '{{.Server.Version}}' >/dev/null 2>&1 || return 0
  engine=yes
  # Without those of a Swarm, which the kind services watches.
  # shellcheck disable=SC2046 # one id a word
  docker inspect --format "$container_line" $(of_stack ps --all --quiet --filter is-task=false) >"$work/containers" 2>/dev/null
  facts=$(site; front_door)
  # Releases and restores hold the deploy lock. In maintenance, people stop what they want to.
  if release_runs; then quiet="a release"
  elif [ -n "$(fact maintenance)" ]; then quiet=maintenance
  elif booting; then quiet="a reboot"; fi
}

# .ID, as .Id is only in the JSON, with which Docker 20.10 refuses a container without health check.
container_line="{{.ID}}|{{.Name}}|{{index .Config.Labels \"$label_service\"}}|{{index .Config.Labels \"$label_backups\"}}|{{.State.Status}}|{{.State.ExitCode}}|{{with .State.Health}}{{.Status}}{{end}}|{{.RestartCount}}|{{.HostConfig.RestartPolicy.Name}}"

# Prints what follows the kind $1 in the facts of the stack; nothing if there is no such fact.
fact() { printf '%s\n' "$facts" | sed -n "s/^$1 //p" | head -n 1; }

# Whether a process holds the deploy lock. Reads it from the kernel: a lock of its own would refuse a release that begins meanwhile.
release_runs() {
  inode=$(stat -c %i "$here/../deploy.lock" 2>/dev/null) || return 1
  awk -v end=":$inode" '$2 != "->" && substr($6, length($6) - length(end) + 1) == end { held = 1 } END { exit !held }' /proc/locks
}

# Containers start in the first minutes after a reboot.
booting() { awk '{ exit $1 >= 300 }' /proc/uptime; }

# Succeeds if the check $1 was last due $2 seconds ago or earlier.
due() {
  last=$(cat "$here/checked/$1" 2>/dev/null || echo 0)
  [ $((now - last)) -ge "$2" ] && echo "$now" >"$here/checked/$1"
}
