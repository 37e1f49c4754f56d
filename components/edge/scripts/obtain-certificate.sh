#!/bin/sh
# Lets the certificate manager request a certificate now that the edge answers. A failure prints a warning and the release
# continues: nginx serves the previous certificate, and the certificate manager retries.
# Arguments: 1 = container of the certificate manager, 2 = challenge (http-01 or dns-01), 3 = its names, the rest = the command
# that requests a certificate, inside it.
main() {
  id=$1 challenge=$2 names=$3
  shift 3
  answer=$(timeout 300 docker exec "$id" "$@" 2>&1) && {
    printf '%s\n' "$answer"
    exit 0
  }
  container=$(docker inspect --format '{{.Name}}' "$id")
  cat <<END
WARNING: the site has no new certificate; it keeps the previous one, which is self-signed at first.
  ${answer:-The request took longer than 5 minutes.}
$(advice)
Berth retries within an hour. To retry now, run on the server: docker exec ${container#/} $*
END
}

advice() {
  if [ "$challenge" = dns-01 ]; then
    echo "Check dnsProvider and dnsCredentials, and that the provider has the domains of these names: $names"
    echo "Check that the server can reach the provider and the authority."
  else
    echo "Check that each of these names resolves to this server: $names"
    echo "Check that the authority can reach port 80 of the server, and that the server can reach the authority."
  fi
}

main "$@" </dev/null
