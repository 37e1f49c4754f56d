# shellcheck shell=sh disable=SC2154 # follows containers.sh and audit-line.sh
# Starts a run of a scheduled job, after a line in the audit log, shows its log and returns its exit code. The run continues if the connection
# breaks. Arguments: 1 = folder of the audit logs, 2 = person, 3 = name of the job.
main() {
  name=$3
  id=$(of_stack ps --quiet --filter "label=$label_cron" --filter "label=$label_service=$name" | head -n 1)
  [ -n "$id" ] || {
    echo "There is no running scheduled job $name of the stack $stack. Scheduled jobs: $(jobs_of_stack)" >&2
    exit 1
  }
  audit_line "$1" "$project-$stack" exec "by=$2" "service=$name" "program=cron run" || true
  docker logs --follow --since "$(date +%s)" "$id" 2>&1 &
  following=$!
  code=0
  docker exec "$id" sh /opt/berth-cron/cron.sh run </dev/null || code=$?
  # The engine passes the last lines on.
  sleep 0.5
  kill "$following" 2>/dev/null
  exit "$code"
}

jobs_of_stack() {
  names=$(of_stack ps --filter "label=$label_cron" --format "{{.Label \"$label_service\"}}" | sort -u | paste -s -d ' ' -)
  echo "${names:-none}"
}

main "$@"
