#!/bin/sh
# Lets the keeper of the certificate ask its authority, now that the edge answers. A failure is told and fails no release:
# what was served before still is, and the keeper goes on asking.
# Arguments: 1 = the keeper's container, 2 = its names, the rest = the command that asks, inside it.
main() {
  id=$1 names=$2
  shift 2
  answer=$(timeout 300 docker exec "$id" "$@" 2>&1) && {
    printf '%s\n' "$answer"
    exit 0
  }
  container=$(docker inspect --format '{{.Name}}' "$id")
  cat >&2 <<END
WARNING: the site has no new certificate; it goes on with the one it had, a self-signed one at first.
  ${answer:-It took longer than 5 minutes.}
Check that each of these names leads to this server in DNS: $names
Check that port 80 of the server is reached from where the authority is, and that the server reaches the authority.
It is asked again within an hour, and at once by this command on the server: docker exec ${container#/} $*
END
}

main "$@" </dev/null
