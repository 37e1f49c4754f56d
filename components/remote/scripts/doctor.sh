#!/bin/sh
# shellcheck disable=SC2016,SC2086 # a program for another shell; $sudo is empty, or two words
# Observes a server before a deployment, with or without Docker. Prints one fact a line: its kind, then words or base64.
# Changes nothing, asks for no password and judges nothing. Arguments: 1 = project, 2 = stack, the rest = names of base images.
main() {
  project=$1 stack=$2
  shift 2
  PATH=$PATH:/usr/sbin:/sbin:/snap/bin
  # The script parses the output of programs.
  export LC_ALL=C
  printf 'berth-doctor %s\n' "$(date +%s)"
  # Never prompts for a password.
  if [ "$(id -u)" = 0 ]; then sudo="" access=root
  elif ! command -v sudo >/dev/null; then sudo="" access=none error="sudo is not installed"
  elif error=$(sudo -n true 2>&1); then sudo="sudo -n" access=sudo
  else sudo="" access=none; fi
  printf 'sudo %s\n' "$access"
  encoded sudo-error "${error:-}"
  account
  system
  room
  listeners
  packages
  firewall
  hardening
  engine
  if [ -n "$docker" ]; then
    containers
    volumes
    front_door
    for image; do base_image "$image" & done
    wait
  fi
  printf 'end\n'
}

# Prints text as one word in base64. $1 = kind, $2 = text.
encoded() { [ -z "$2" ] || printf '%s %s\n' "$1" "$(printf '%s' "$2" | base64 | tr -d '\n')"; }

account() {
  user=$(id -un)
  printf 'account %s\n' "$user"
  entry=$(getent passwd "$user" 2>/dev/null || grep "^$user:" /etc/passwd)
  printf 'shell %s\n' "${entry##*:}"
  grep -q "^$user:" /etc/passwd 2>/dev/null || [ ! -e /etc/passwd ] || echo 'not-in-passwd'
}

system() {
  # shellcheck disable=SC1091 # a file of the server
  [ ! -r /etc/os-release ] || (. /etc/os-release && printf 'system %s %s\n' "${ID:-}" "${VERSION_ID:-}" && encoded system-name "${PRETTY_NAME:-}")
  printf 'kernel %s\nmachine %s\nprocessors %s\n' "$(uname -r)" "$(uname -m)" "$(getconf _NPROCESSORS_ONLN 2>/dev/null)"
  for tool in apt-get systemctl ss; do command -v "$tool" >/dev/null && printf 'has %s\n' "$tool"; done
  [ ! -e /proc/sys/net/ipv4/tcp_migrate_req ] || echo 'has tcp_migrate_req'
  for controller in cpu memory pids; do limits $controller || printf 'lacks %s\n' $controller; done
  awk '$1 == "MemTotal:" { all = $2 } $1 == "MemAvailable:" { free = $2 } END { if (all) print "memory", all, free }' /proc/meminfo 2>/dev/null
  ip -o addr show scope global 2>/dev/null | awk '{ sub("/.*", "", $4); print "address", $4 }'
  [ -z "${SSH_CONNECTION:-}" ] || printf 'address %s\n' "$(echo "$SSH_CONNECTION" | cut -d ' ' -f 3)"
}

# Free and total space of Docker's data folder, in KiB and in inodes. If it does not exist yet, of the nearest parent.
room() {
  folder=/var/lib/docker
  while ! df -Pk "$folder" >/dev/null 2>&1 && [ "$folder" != / ]; do folder=$(dirname "$folder"); done
  df -Pk "$folder" 2>/dev/null | awk 'NR == 2 { print "disk", $4, $2 }'
  df -Pi "$folder" 2>/dev/null | awk 'NR == 2 && $2 + 0 > 0 { print "inodes", $4, $2 }'
}

# Whether the kernel has a cgroup controller: version 2 lists them in a file, version 1 has a folder for each.
limits() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then grep -qw "$1" /sys/fs/cgroup/cgroup.controllers
  else [ -d "/sys/fs/cgroup/$1" ] || [ ! -d /sys/fs/cgroup/devices ]; fi
}

# Address, program and systemd unit of each listening socket. Only root sees programs of other accounts.
listeners() {
  $sudo ss -Hltnp 2>/dev/null | sed -n 's/^\S* *\S* *\S* *\(\S*\) *\S* *\(users:(("\([^"]*\)",pid=\([0-9]*\).*\)\{0,1\}.*$/\1 \4 \3/p' | while read -r address pid program; do
    unit=$(sed -n 's|.*/\([^/]*\.service\)\(/.*\)*$|\1|p' "/proc/${pid:-none}/cgroup" 2>/dev/null | head -n 1)
    printf 'listens %s %s|%s\n' "$address" "$program" "$unit"
  done
}

# The process that holds a lock of dpkg or apt: /proc/locks has the inode of the locked file.
packages() {
  for file in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock; do
    inode=$(stat -c %i "$file" 2>/dev/null) || continue
    pid=$(awk -v end=":$inode" '$2 != "->" && substr($6, length($6) - length(end) + 1) == end { print $5; exit }' /proc/locks 2>/dev/null)
    [ -z "$pid" ] || printf 'apt-lock %s %s\n' "$pid" "$(tr ' ' _ <"/proc/$pid/comm" 2>/dev/null)"
  done
  for package in docker.io docker-ce podman-docker; do
    dpkg-query -W -f '${Status} ${Version}\n' "$package" 2>/dev/null | sed -n "s/^install ok installed /package $package /p"
  done
  command -v dockerd >/dev/null || apt-cache policy docker.io 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]\)/candidate \1/p'
}

firewall() {
  encoded ufw "$($sudo ufw status 2>/dev/null | head -n 1)"
  for service in firewalld nftables; do [ "$(systemctl is-active $service 2>/dev/null)" != active ] || printf 'firewall %s\n' $service; done
}

# What hardens the server, whoever has set it up. Only root sees sshd's configuration.
hardening() {
  [ "$(systemctl is-active berth-firewall 2>/dev/null)" != active ] || echo 'hardened firewall'
  $sudo sshd -T 2>/dev/null | sed -n 's/^\(password\|kbdinteractive\)authentication /passwords /p'
  [ ! -x /usr/bin/unattended-upgrade ] || apt-config dump APT::Periodic::Unattended-Upgrade 2>/dev/null | sed -n 's/.* "[1-9].*/hardened updates/p'
  [ "$(systemctl is-active fail2ban 2>/dev/null)" != active ] || echo 'hardened bans'
}

engine() {
  for program in dockerd docker; do
    path=$(command -v $program) && printf 'program %s %s\n' $program "$(readlink -f "$path")" && encoded snap "$(echo "$path" | grep '^/snap/')"
  done
  encoded daemon-json "$(cat /etc/docker/daemon.json 2>/dev/null || $sudo cat /etc/docker/daemon.json 2>/dev/null)"
  encoded drop-in "$(cat /etc/systemd/system/docker.service.d/berth.conf 2>/dev/null)"
  [ ! -e /snap/bin/docker ] || echo 'snap-docker'
  encoded unit "$(dockerd_flags)"
  docker=""
  command -v docker >/dev/null || return 0
  context=$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null)
  encoded context "$context"
  answer=$(docker version --format '{{.Server.Version}}' 2>&1) && docker=docker
  [ -n "$docker" ] || [ -z "$sudo" ] || { answer=$($sudo docker version --format '{{.Server.Version}}' 2>&1) && docker="$sudo docker"; }
  if [ -z "$docker" ]; then encoded engine-error "$answer"; return 0; fi
  printf 'engine %s\n' "$answer"
  $docker info --format 'swarm {{.Swarm.LocalNodeState}}
security {{.SecurityOptions}}
driver {{.DriverStatus}}' 2>/dev/null
  encoded components "$($docker version --format '{{range .Server.Components}}{{.Name}}, {{end}}' 2>/dev/null)"
  printf 'disk %s\n' "$(engine_disk $docker)"
}

containers() {
  $docker ps --format "container {{.Names}}|{{.Label \"$label_project\"}}|{{.Label \"$label_stack\"}}|{{.Ports}}" 2>/dev/null
  printf 'stack-containers %s\n' "$($docker ps --all --quiet --filter "label=$label_project=$project" --filter "label=$label_stack=$stack" | wc -l)"
}

# Volumes with names like those of the stack that Berth has not created.
volumes() {
  $docker volume ls --format "{{.Name}}|{{.Label \"$label_project\"}}" 2>/dev/null | sed -n "s/^\($project-$stack-.*\)|$/foreign-volume \1/p"
}

# Each route of the server's front door: project and stack of its owner, then the names.
front_door() {
  $docker exec berth-door-sandbox sh -c 'for file in /srv/door/routes/*; do [ ! -f "$file" ] || paste -s -d " " "$file"; done' 2>/dev/null | sed -n 's/^# /route /p'
}

# Whether the engine has the image (and the version of nginx in it), or can pull it. The engine answers that, as it may use a mirror.
base_image() {
  if variables=$($docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$1" 2>/dev/null); then
    printf 'image %s present %s\n' "$1" "$(printf '%s\n' "$variables" | sed -n 's/^NGINX_VERSION=//p')"
    return 0
  fi
  case $context in unix://*) socket=${context#unix://} ;; *) socket=/var/run/docker.sock ;; esac
  code=$($sudo curl --silent --output /dev/null --write-out '%{http_code}' --max-time 15 --unix-socket "$socket" "http://localhost/distribution/$1/json" 2>/dev/null) || code=unknown
  printf 'image %s %s\n' "$1" "$code"
}

main "$@" </dev/null
