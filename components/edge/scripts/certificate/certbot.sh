# shellcheck shell=sh disable=SC2154 # part of keep-certificate.sh
# certbot, for authorities that validate the names over HTTP.

issued_chain() { echo "$store/live/site/fullchain.pem"; }
issued_key() { echo "$store/live/site/privkey.pem"; }

ask() {
  set -- certonly --non-interactive --agree-tos --server "$DIRECTORY" --config-dir "$store" --cert-name site \
    --webroot --webroot-path "$challenges" --keep-until-expiring --renew-with-new-domains --reuse-key --key-type ecdsa \
    --logs-dir /tmp/certbot --max-log-backups 0
  if [ -n "${EMAIL:-}" ]; then set -- "$@" --email "$EMAIL" --no-eff-email; else set -- "$@" --register-unsafely-without-email; fi
  for name in $NAMES; do
    if is_address "$name"; then set -- "$@" --ip-address "$name"; else set -- "$@" --domain "$name"; fi
  done
  [ -z "${AUTHORITY:-}" ] || export REQUESTS_CA_BUNDLE="$AUTHORITY"
  certbot "$@"
}

reason() {
  sed -n 's/^ *Detail: *//p' "$output" | grep . ||
    sed -n 's/.*(Caused by [A-Za-z]*(\(.*\)))$/it cannot be reached: \1/p' "$output" | grep . ||
    grep -Ev '^$|^(Saving debug log|Ask for help|Hint:|Account registered|Requesting a|Renewing an|An unexpected error|Some challenges)' "$output" ||
    echo "certbot failed and said nothing"
}
