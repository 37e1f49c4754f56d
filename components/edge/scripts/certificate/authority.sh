# shellcheck shell=sh disable=SC2154 # part of keep-certificate.sh
# Obtains the certificate from the ACME authority, with certbot.

# certbot asks the authority if there is no certificate yet, if its renewal is due, or if the names changed.
obtain() {
  exec 9>/tmp/obtain.lock
  flock 9
  if ask >"$output" 2>&1 && serve_issued; then
    rm -f "$failure"
    touch "$success"
    describe
  else
    reason >"$failure"
    echo "No certificate from $DIRECTORY: $(cat "$failure")" >&2
    return 1
  fi
}

# The key stays the same (--reuse-key), as serve_issued reads chain and key one after the other.
ask() {
  set -- certonly --non-interactive --agree-tos --server "$DIRECTORY" --config-dir "$store" --cert-name site \
    --webroot --webroot-path "$challenges" --keep-until-expiring --renew-with-new-domains --reuse-key --key-type ecdsa \
    --logs-dir /tmp/certbot --max-log-backups 0
  if [ -n "${EMAIL:-}" ]; then set -- "$@" --email "$EMAIL" --no-eff-email; else set -- "$@" --register-unsafely-without-email; fi
  for name in $NAMES; do
    if is_address "$name"; then set -- "$@" --ip-address "$name"; else set -- "$@" --domain "$name"; fi
  done
  [ -z "${AUTHORITY:-}" ] || export REQUESTS_CA_BUNDLE="$AUTHORITY"
  # certbot must not inherit the lock.
  certbot "$@" 9>&-
}

serve_issued() {
  cat "$issued/fullchain.pem" "$issued/privkey.pem" >/tmp/issued.pem || return
  cmp -s /tmp/issued.pem "$served" || serve </tmp/issued.pem
}

# The authority's answer for each name, or else certbot's message, in one line.
reason() {
  {
    sed -n 's/^ *Detail: *//p' "$output" | grep . ||
      sed -n 's/.*(Caused by [A-Za-z]*(\(.*\)))$/it cannot be reached: \1/p' "$output" | grep . ||
      grep -Ev '^$|^(Saving debug log|Ask for help|Hint:|Account registered|Requesting a|Renewing an|An unexpected error|Some challenges)' "$output" ||
      echo "certbot failed and said nothing"
  } | paste -s -d '|' | sed 's/|/; /g' | cut -c 1-600
}
