# shellcheck shell=sh disable=SC2154 # part of watch.sh
# The site answers inside, through its own nginx, and outside, by its name and public port.
site_conditions() {
  [ "$engine" = yes ] && [ -z "$quiet" ] || return 1
  front_door_condition || return 0
  answer=$(fact site)
  # Without nginx, the containers say what is missing.
  [ -n "$answer" ] || return 1
  path=${answer%% *}
  code=$(site_answer | sed -n 's/^=\([1-9][0-9]*\)=$/\1/p' | head -n 1)
  case $code in
    [23]??) outside_condition ;;
    *) raise inside "$AFTER" "The site does not answer $path as it should: ${code:-no answer}." "See what is wrong: $(berth status). If it is since a release: $(berth rollback)" ;;
  esac
}

# Body, status code and certificates of the answer.
site_answer() { printf '%s' "${answer#* }" | base64 -d 2>/dev/null; }

# Fails if the fault is the front door's.
front_door_condition() {
  case $(fact door) in
    missing)
      raise front-door "$AFTER" "The front door of the server does not run, so no visitor reaches the site." "Start it on the server: docker start berth-door-sandbox, or release the site: $(berth up)"
      return 1
      ;;
    running\ ) raise route "$AFTER" "The front door of the server has no route to the site." "Release the site: $(berth up)" && return 1 ;;
  esac
}

# Any answer proves that name and port lead here: access rules may refuse the server's own address.
outside_condition() {
  [ "$OUTSIDE" = true ] && [ -n "$url" ] || return 0
  status=0
  # shellcheck disable=SC2046 # one word, or none
  code=$(curl --disable --silent --output /dev/null --max-time 10 $([ "$VERIFY" = true ] || echo --insecure) --write-out '%{http_code}' "$url$path") || status=$?
  case $status/$code in
    0/[1234]??) ;;
    60/*) raise certificate "$AFTER" "Browsers do not trust the certificate of $url." "See which one it is: $(berth status). A name that leads elsewhere, or an authority that cannot reach the site, are the usual causes." ;;
    *) raise outside "$AFTER" "The site answers inside, but not at $url: $(reason)." "Look at DNS, firewall and provider: $(berth doctor)" ;;
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
