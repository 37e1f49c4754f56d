# shellcheck shell=sh disable=SC2154 # part of collect.sh
# The containers that should run: their state as the engine has it, and what they use.
ENGINE=http://localhost/v1.41

containers_samples() {
  docker version --format '{{.Server.Version}}' >/dev/null 2>&1 || { echo 'berth_engine_up 0' >"$work/samples" && return 0; }
  echo 'berth_engine_up 1' >"$work/samples"
  # shellcheck disable=SC2046 # one id a word
  docker inspect --format "$state_line" $(of_stack ps --all --quiet) >"$work/containers" 2>/dev/null
  while IFS='|' read -r id name service status health count started limit restarts_by; do
    # A job runs once.
    [ "$restarts_by" != no ] || continue
    labels="service=\"$service\",container=\"${name#"/$project-$stack-"}\""
    case $status in running) up=1 ;; *) up=0 ;; esac
    case $status/$health in running/healthy) healthy=1 ;; running/) healthy="" ;; *) healthy=0 ;; esac
    sample berth_container_up "$labels" $up
    sample berth_container_healthy "$labels" "$healthy"
    sample berth_container_restarts_total "$labels" "$count"
    sample berth_container_memory_limit_bytes "$labels" "$limit"
    [ $up = 1 ] || continue
    sample berth_container_start_time_seconds "$labels" "$(date -d "$started" +%s 2>/dev/null)"
    uses "$id" "$labels"
  done <"$work/containers"
}

# .ID, as .Id is only in the JSON, with which Docker 20.10 refuses a container without health check.
state_line="{{.ID}}|{{.Name}}|{{index .Config.Labels \"$label_service\"}}|{{.State.Status}}|{{with .State.Health}}{{.Status}}{{end}}|{{.RestartCount}}|{{.State.StartedAt}}|{{.HostConfig.Memory}}|{{.HostConfig.RestartPolicy.Name}}"

# What the container $1 uses, as the engine reads it from the kernel in either version of cgroups.
uses() {
  stats=$(curl --silent --fail --max-time 10 --unix-socket /var/run/docker.sock "$ENGINE/containers/$1/stats?stream=false&one-shot=true") || return 0
  sample berth_container_cpu_seconds_total "$2" "$(first_number total_usage | awk '{ printf "%.6f", $1 / 1e9 }')"
  # Without the file cache that the kernel can drop at once, as `docker stats` shows it.
  used=$(printf '%s' "$stats" | sed -n 's/.*"memory_stats":{"usage":\([0-9]*\).*/\1/p')
  cache=$(first_number total_inactive_file)
  [ -n "$cache" ] || cache=$(first_number inactive_file)
  [ -z "$used" ] || sample berth_container_memory_used_bytes "$2" $((used - ${cache:-0}))
  sample berth_container_processes "$2" "$(printf '%s' "$stats" | sed -n 's/.*"pids_stats":{"current":\([0-9]*\).*/\1/p')"
  sample berth_container_network_receive_bytes_total "$2" "$(sum_of rx_bytes)"
  sample berth_container_network_transmit_bytes_total "$2" "$(sum_of tx_bytes)"
}

numbers() { printf '%s' "$stats" | grep -o "\"$1\":[0-9]*" | cut -d : -f 2; }
first_number() { numbers "$1" | head -n 1; }
# Of all networks; nothing if the container shares those of another one.
sum_of() { numbers "$1" | awk '{ sum += $1 } END { if (NR) printf "%.0f", sum }'; }

containers_families() {
  family berth_engine_up gauge "Whether the Docker engine answers."
  family berth_container_up gauge "Whether the container runs."
  family berth_container_healthy gauge "Whether the container's health check succeeds."
  family berth_container_restarts_total counter "Restarts of the container by the engine."
  family berth_container_start_time_seconds gauge "Time of the container's last start, in seconds since 1970."
  family berth_container_cpu_seconds_total counter "Processor time that the container has used."
  family berth_container_memory_used_bytes gauge "Memory that the container uses, without file cache that can be dropped."
  family berth_container_memory_limit_bytes gauge "Memory limit of the container; 0 is none."
  family berth_container_processes gauge "Processes and threads of the container."
  family berth_container_network_receive_bytes_total counter "Bytes that the container has received."
  family berth_container_network_transmit_bytes_total counter "Bytes that the container has sent."
}
