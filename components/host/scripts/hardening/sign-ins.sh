# shellcheck shell=sh disable=SC2034 # for of_stack
# Writes failed sign-ins at the site of a stack to a file that fail2ban reads, a line each: time and address. Runs on the server, as root,
# because nginx's log changes its place with each release. Arguments: 1 = project, 2 = stack, 3 = file.
main() {
  project=$1 stack=$2 log=$3
  last=$(date +%s)
  while sleep 15; do
    now=$(date +%s)
    of_stack ps --quiet --filter "label=$label_joins" 2>/dev/null | while read -r id; do
      docker logs --since "$last" --until "$now" "$id" 2>/dev/null | refused | sed "s/^/$now sign-in failed from /"
    done >>"$log"
    last=$now
    [ "$(wc -c <"$log")" -lt 1048576 ] || : >"$log"
  done
}

# Addresses of requests with a user and a password that nginx itself has refused, in the log's format json. A value has no bare quote.
refused() {
  sed -n 's/^{"time":"[^"]*","requestId":"[^"]*","release":"[^"]*","client":"\([0-9a-fA-F.:]*\)","user":"[^"].*","status":401,.*,"upstream":"",.*/\1/p'
}

main "$@"
