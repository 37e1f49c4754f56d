# shellcheck shell=sh disable=SC2154 # part of collect.sh
# Requests to the site, from the access log of nginx. The file of the last run has the counters; the file `read` has the time of the last
# line that is counted, for each container.
requests_samples() {
  touch "$here/read" "$here/textfile/requests.prom"
  : >"$work/read" && : >"$work/lines"
  for id in $(of_stack ps --all --no-trunc --quiet --filter "label=$label_health_path"); do
    last=$(sed -n "s/^$id //p" "$here/read")
    # shellcheck disable=SC2086 # an option, or none
    docker logs --timestamps ${last:+--since "$last"} "$id" 2>/dev/null </dev/null |
      awk -v last="$last" '($1 "") > last { print; end = $1 } END { if (end) last = end; if (last) print last >"/dev/stderr" }' >>"$work/lines" 2>"$work/end"
    read -r end <"$work/end" || end=""
    [ -z "$end" ] || echo "$id $end" >>"$work/read"
  done
  awk -v sites="$SITES" "$counting" "$here/textfile/requests.prom" "$work/lines" | sort >"$work/samples" || return 1
  cp "$work/read" "$here/read.new" && mv "$here/read.new" "$here/read"
}

# A visitor chooses the host of a request, so only the site's own names become labels. In a JSON string, nginx escapes quotes, so a text
# such as "status": is always the name of a field. 127.0.0.1 is nginx's own container, from which Berth asks whether the site answers.
# shellcheck disable=SC2016 # a program of awk
counting='
BEGIN {
  count = split("0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10", bounds, " ")
  names = split(sites, known, " ")
  for (i = 1; i <= names; i++) is_site[tolower(known[i])] = 1
}
function field(name, form) {
  return match($0, "\"" name "\":" form) ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : ""
}
/^berth_/ { total[$1] = $2; next }
{ sub(/^[^ ]* /, "") }
!/^\{"time":/ || /"client":"127\.0\.0\.1"/ { next }
{
  host = field("host", "\"[^\"]*\"")
  gsub(/"/, "", host)
  status = field("status", "[0-9]+")
  seconds = field("seconds", "[0-9.]+")
  if (status == "" || seconds == "") next
  site = "site=\"" (host in is_site ? host : "other") "\""
  total["berth_http_requests_total{" site ",status=\"" status "\"}"]++
  total["berth_http_response_bytes_total{" site "}"] += field("bytes", "[0-9]+")
  duration = "berth_http_request_duration_seconds"
  for (i = 1; i <= count; i++) total[duration "_bucket{" site ",le=\"" bounds[i] "\"}"] += seconds + 0 <= bounds[i] + 0
  total[duration "_bucket{" site ",le=\"+Inf\"}"]++
  total[duration "_sum{" site "}"] += seconds
  total[duration "_count{" site "}"]++
}
END { for (key in total) printf key ~ /_sum\{/ ? "%s %.3f\n" : "%s %.0f\n", key, total[key] }'

requests_families() {
  family berth_http_requests_total counter "Requests to the site."
  family berth_http_response_bytes_total counter "Bytes of the bodies of responses."
  family berth_http_request_duration_seconds histogram "Time from the first byte of a request to the last byte of its response."
}
