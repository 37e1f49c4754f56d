# shellcheck shell=sh disable=SC2154 # part of keep-certificate.sh
# lego, for authorities that validate the names by records at their DNS provider. Environment: DNS_PROVIDER, DNS_CREDENTIALS (path
# of the file with its variables), DNS_RESOLVERS (name servers to ask for the records, separated by commas; may be empty).

issued_chain() { echo "$store/lego/certificates/site.crt"; }
issued_key() { echo "$store/lego/certificates/site.key"; }

ask() {
  # lego 5.6 never registers an account whose first attempt failed: it asks the authority for the account instead.
  grep -qrs '"registration": {' "$store/lego/accounts" || rm -rf "$store/lego/accounts"
  set -- --server "$DIRECTORY" --accept-tos --path "$store/lego" --account-id site --cert.name site --key-type EC256 \
    --reuse-key --force-cert-domains --no-random-sleep --dns "$DNS_PROVIDER" --env-file "$DNS_CREDENTIALS"
  [ -z "${EMAIL:-}" ] || set -- "$@" --email "$EMAIL"
  # A resolver may remember for long that there was no record, so without DNS_RESOLVERS only the domain's own servers are asked.
  if [ -n "${DNS_RESOLVERS:-}" ]; then
    set -- "$@" --dns.resolvers "$DNS_RESOLVERS" --dns.propagation.disable-ans
  else
    set -- "$@" --dns.propagation.disable-rns
  fi
  for name in $NAMES; do set -- "$@" --domains "$name"; done
  [ -z "${AUTHORITY:-}" ] || export LEGO_CA_CERTIFICATES="$AUTHORITY"
  lego --log.format text run "$@"
}

reason() {
  sed -n 's/^.* level=ERROR .*error="\{0,1\}\(.*\)$/\1/p' "$output" | sed 's/"$//; s/\\"/"/g; s/\\n/; /g; s/.*had a problem:[; ]*//' | grep . ||
    grep . "$output" | tail -n 3 | grep . ||
    echo "lego failed and said nothing"
}
