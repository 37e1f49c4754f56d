# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Prints the scheduled jobs of a stack, the newest container of a job first. One a line: name, state of the container, schedule in base64, and
# the runner's status in base64, which is empty if the container does not run.
main() {
  of_stack ps --all --no-trunc --filter "label=$label_cron" --format "{{.ID}} {{.State}} {{.Label \"$label_service\"}}" | while read -r id state name; do
    read -r restart schedule <<END
$(docker inspect --format "{{.HostConfig.RestartPolicy.Name}} {{index .Config.Labels \"$label_cron\"}}" "$id" 2>/dev/null)
END
    # A release left it to complete its run; its successor knows of that run.
    [ "$restart" != no ] || continue
    status=$(docker exec "$id" sh /opt/berth-cron/cron.sh status 2>/dev/null </dev/null) || status=""
    printf '%s %s %s %s\n' "$name" "$state" "$(encoded "$schedule")" "$(encoded "$status")"
  done
}

encoded() { printf '%s' "$1" | base64 | tr -d '\n'; }

main
