# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Shows the logs of a stack's containers, stopped ones too, interleaved by time: time, container, line.
# Arguments: 1 = service, or nothing for all; 2 = lines; 3 = anything to go on with what comes.
main() {
  service=$1 lines=$2 follow=$3
  now=$(date +%s.%N)
  containers=$(of_stack ps --all ${service:+--filter "label=berth.service=$service"} --format '{{.ID}} {{.Names}}')
  [ -n "$containers" ] || no_container "container ${service:-at all}" --all
  width=$(printf '%s\n' "$containers" | sed "s/.* $project-$stack-//" | awk 'length > most { most = length } END { print most }')
  {
    every --tail "$lines" --until "$now" | sort -s -k 1,1 | tail -n "$lines"
    [ -z "$follow" ] || every --follow --since "$now"
  } | sed -u 's/\.[0-9]*Z/Z/'
}

every() { printf '%s\n' "$containers" | each "$@"; }

# docker logs of each container on standard input, all at once. Every line begins with its time, in a form that sorts.
each() {
  count=0
  # Interrupts do not reach what runs in the background.
  trap end_all INT TERM HUP
  while read -r id name; do
    named=$(printf "%-${width}s" "${name#"$project-$stack-"}")
    docker logs --timestamps "$@" "$id" 2>&1 </dev/null | sed -u "s/^[^ ]* /&$named | /" &
    count=$((count + 1))
  done
  wait
}

end_all() {
  while [ "$count" -gt 0 ]; do
    kill "%$count" 2>/dev/null
    count=$((count - 1))
  done
}

main "$@"
