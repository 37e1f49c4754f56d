# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Shows how a stack is: its containers, its volumes, its site. Fails when something is not well, and says what.
# Arguments: 1 = the site's address, 2 = the release that was deployed last, 3 = names of the containers there should be,
# 4 = names of those that only wait to be deleted.
main() {
  url=$1 deployed=$2 expected=$3 leaving=$4 problems=""
  ids=$(of_stack ps --all --quiet)
  [ -n "$ids" ] || no_container "container at all" --all
  containers
  printf '\n'
  volumes
  printf '\n'
  backups
  site
  [ -n "$problems" ] || exit 0
  printf '\nNot well:%s\n' "$problems"
  exit 1
}

# How a make target is called for this stack.
call() { echo "make $1$([ "$stack" = dev ] || echo " STACK=$stack")"; }

problem() {
  problems="$problems
  $1"
}

containers() {
  # shellcheck disable=SC2086 # one id a word
  facts=$(docker inspect --format "$FACTS" $ids | sed "s|^/$project-$stack-||" | sort)
  rows="SERVICE|CONTAINER|IMAGE|STATE|SINCE (UTC)|HEALTH|RESTARTS|MEMORY
"
  while IFS='|' read -r name service image state code starved policy started finished health restarts pid limit; do
    since=$started memory=""
    case "$state $policy $code" in
      running*) memory="$(mib "$(memory_of "$pid")") of $(mib "$limit") MiB" ;;
      "exited no 0") ;;
      *) problem "$name does not run. Its log says why: $(call "logs SERVICE=$service")" ;;
    esac
    if [ "$state" = exited ]; then
      since=$finished state="ended ($code$([ "$starved" = false ] || echo ", out of memory"))"
    fi
    [ "$health" != unhealthy ] || problem "$name is unhealthy: $(last_answer "$name")"
    rows="$rows$service|$name|$(short "$image")|$state|$(moment "$since")|$health|$restarts|$memory
"
  done <<END
$facts
END
  printf '%s' "$rows" | table
  compare "$(printf '%s\n' "$facts" | cut -d '|' -f 1)"
}

# What is there, one name a line, against what Pulumi knows of.
compare() {
  for name in $expected; do
    name=${name#"$project-$stack-"}
    printf '%s\n' "$1" | grep -qxF "$name" || problem "$name is gone, and nobody told Pulumi."
  done
  for name in $1; do
    case " $expected $leaving " in
      *" $project-$stack-$name "*) ;;
      *) problem "$name is not known to Pulumi. A deployment that was killed may have left it." ;;
    esac
  done
}

FACTS='{{.Name}}|{{index .Config.Labels "berth.service"}}|{{.Config.Image}}|{{.State.Status}}|{{.State.ExitCode}}|{{.State.OOMKilled}}|{{.HostConfig.RestartPolicy.Name}}|{{.State.StartedAt}}|{{.State.FinishedAt}}|{{if .State.Health}}{{.State.Health.Status}}{{end}}|{{.RestartCount}}|{{.State.Pid}}|{{.HostConfig.Memory}}'

# A time of Docker's to the minute; year 1 stands for never.
moment() { case $1 in 0001-*) ;; *) printf '%.16s' "$1" | tr T ' ' ;; esac; }

last_answer() {
  docker inspect --format '{{range .State.Health.Log}}{{json .Output}}{{"\n"}}{{end}}' "$project-$stack-$1" | grep . | tail -n 1 | cut -c 1-300
}

# Without folders and registries, and not more of a digest than is needed to tell it.
short() { printf '%s' "${1##*/}" | sed 's/\(sha256:.\{12\}\).*/\1/'; }

# What a container cannot give back, in bytes. From the kernel, as docker stats takes two seconds to look.
memory_of() {
  group=$(sed -n 's/^[0-9]*:memory://p; s/^0:://p' "/proc/$1/cgroup" 2>/dev/null | head -n 1)
  [ -n "$group" ] || { echo 0 && return; }
  for folder in "/sys/fs/cgroup/memory$group" "/sys/fs/cgroup$group"; do
    cat "$folder/memory.usage_in_bytes" "$folder/memory.current" "$folder/memory.stat" 2>/dev/null |
      awk 'NF == 1 && !used { used = $1 } $1 ~ /^(total_)?inactive_file$/ { idle = $2 } END { if (used) printf "%.0f\n", used - idle; exit !used }' && return
  done
  echo 0
}

mib() { if [ "$1" -gt 0 ]; then echo $((($1 + 1048575) / 1048576)); else echo "?"; fi; }

# In KiB: what a release with a new image takes, and some.
LITTLE_DISK=2097152

# How large each is, as seen by a running container that writes to it, for only root may look in from outside.
volumes() {
  rows="VOLUME|SIZE
"
  # shellcheck disable=SC2046 # one id a word
  mounts=$(docker inspect --format '{{range .Mounts}}{{if and .RW (eq .Type "volume")}}{{.Name}}|{{$.Id}}|{{.Destination}}{{"\n"}}{{end}}{{end}}' $(of_stack ps --quiet) /dev/null 2>/dev/null)
  sizes=$(
    for name in $(of_stack volume ls --quiet); do
      printf '%s\n' "$mounts" | sed -n "s/^$name|//p" | head -n 1 | {
        IFS='|' read -r id folder || id=""
        size=$(timeout 10 docker exec "$id" du -sk "$folder" 2>/dev/null </dev/null | cut -f 1)
        printf '%s|%s\n' "${name#"$project-$stack-"}" "${size:+$(((size + 1023) / 1024)) MiB}"
      } &
    done
    wait
  )
  printf '%s%s\n' "$rows" "$(printf '%s\n' "$sizes" | sort | sed 's/|$/|?/')" | table
  disk=$(disk)
  echo "$disk" | awk '{ printf "Free on the disk they are on: %.1f of %.1f GiB\n", $1 / 1048576, $2 / 1048576 }'
  free=${disk%% *}
  [ "${free:-$LITTLE_DISK}" -ge "$LITTLE_DISK" ] || problem "The disk is nearly full. docs/operations.md says how to free space."
}

backups() {
  keeper=$(of_stack ps --quiet --filter label=berth.backups=true | head -n 1)
  [ -n "$keeper" ] || return 0
  judged=$(docker exec "$keeper" sh /opt/berth/backups.sh healthy) || problem "$(printf '%s\n' "$judged" | sed '1,/^Not well:/d; s/^ *//' | paste -s -d ' ' -)"
  printf '%s\n' "$judged" | sed '/^Not well:/,$d'
  printf '\n'
}

# Asked through nginx, in its own container: so it is what visitors get, whatever the way to the server.
site() {
  nginx=$(of_stack ps --quiet --filter label=berth.healthPath | head -n 1)
  path=$([ -z "$nginx" ] || docker inspect --format '{{index .Config.Labels "berth.healthPath"}}' "$nginx")
  case $url in https:*) port=443 ;; *) port=80 ;; esac
  answer=$([ -z "$nginx" ] || docker exec "$nginx" curl --silent --insecure --max-time 5 --connect-to "::127.0.0.1:$port" \
    --write-out '\n=%{http_code}=\n%{certs}' "${url:-http://localhost}$path" 2>&1)
  code=$(printf '%s\n' "$answer" | sed -n 's/^=\([1-9][0-9]*\)=$/\1/p')
  case $code in
    2?? | 3??) ;;
    *) problem "The site does not answer $path as it should: ${code:-nothing} $(printf '%s\n' "$answer" | head -n 1 | cut -c 1-300)" ;;
  esac
  release=$(printf '%s\n' "$answer" | sed -n '1s/.*"release": *"\([^"]*\)".*/\1/p')
  printf 'Site:        %s answers %s\n' "$url" "${code:-nothing}"
  printf 'Release:     %s%s\n' "${release:-not told by the site}" "$([ "$release" = "$deployed" ] || echo " (deployed last: ${deployed:-none})")"
  [ "$port" = 80 ] || certificate
}

certificate() {
  end=$(printf '%s\n' "$answer" | sed -n 's/^Expire date: *//p' | head -n 1)
  issuer=$(printf '%s\n' "$answer" | sed -n 's/^Issuer: *//p' | head -n 1)
  [ -n "$end" ] || { echo "Certificate: none is shown" && return; }
  days=$((($(date -d "$end" +%s) - $(date +%s)) / 86400))
  printf 'Certificate: until %s, %s days, issued by %s\n' "$(date -u -d "$end" '+%Y-%m-%d %H:%M')" "$days" "$issuer"
  # One that is kept by itself is renewed in time, or its keeper is unhealthy and says why.
  soon=$([ -n "$(of_stack ps --quiet --filter label=berth.service=certificate)" ] && echo 0 || echo 14)
  [ "$days" -ge "$soon" ] || problem "The certificate $([ "$days" -lt 0 ] && echo "has expired" || echo "ends in $days days"). A new one is rolled out like a release."
}

# Columns under each other.
table() {
  awk -F '|' '
    { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } if (NF > columns) columns = NF }
    END { for (n = 1; n <= NR; n++) { line = ""; for (i = 1; i <= columns; i++) line = line sprintf("%-" (width[i] + 2) "s", cell[n, i]); sub(/ +$/, "", line); print line } }'
}

main "$@"
