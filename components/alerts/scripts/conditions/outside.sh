# shellcheck shell=sh disable=SC2154 # part of watch.sh; conditions/site.sh and door.sh set $answers, $path and $door
# The site answers outside, by its name and public port. Any answer proves that they lead here: access rules may refuse the server's own
# address. Cannot be judged while the fault is inside.
outside_conditions() {
  [ "$answers" = yes ] && [ "$door" = well ] || return 1
  [ "$OUTSIDE" = true ] && [ -n "$url" ] || return 0
  status=0
  # shellcheck disable=SC2046 # one word, or none
  code=$(curl --disable --silent --output /dev/null --max-time 10 $([ "$VERIFY" = true ] || echo --insecure) --write-out '%{http_code}' "$url$path") || status=$?
  case $status/$code in
    0/[1234]??) ;;
    60/*) raise certificate "$AFTER" "Browsers do not trust the certificate of $url." "See which one it is: $(berth status). A name that leads elsewhere, or an authority that cannot reach the site, are the usual causes." ;;
    *) raise answer "$AFTER" "The site answers inside, but not at $url: $(reason)." "Look at DNS, firewall and provider: $(berth doctor)" ;;
  esac
}

reason() {
  case $status in
    0) echo "$code" ;;
    6) echo "its name has no address" ;;
    7) echo "the connection is refused" ;;
    28) echo "no answer within 10 s" ;;
    *) echo "curl ends with $status" ;;
  esac
}
