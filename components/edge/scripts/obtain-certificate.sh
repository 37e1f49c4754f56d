#!/bin/sh
# Lets the certificate manager request a certificate now that the edge answers. A failure prints a warning and the release
# continues: nginx serves the previous certificate, and the certificate manager retries.
# Arguments: 1 = container of the certificate manager, 2 = its names, the rest = the command that requests a certificate, inside it.
main() {
  id=$1 names=$2
  shift 2
  answer=$(timeout 300 docker exec "$id" "$@" 2>&1) && {
    printf '%s\n' "$answer"
    exit 0
  }
  container=$(docker inspect --format '{{.Name}}' "$id")
  cat <<END
WARNING: the site has no new certificate; it keeps the previous one, which is self-signed at first.
  ${answer:-The request took longer than 5 minutes.}
Check that each of these names resolves to this server: $names
Check that the authority can reach port 80 of the server, and that the server can reach the authority.
Berth retries within an hour. To retry now, run on the server: docker exec ${container#/} $*
END
}

main "$@" </dev/null
