#!/bin/sh
# Keeps the certificate nginx serves up to date, inside a container of certbot's image: self-signed, or from an ACME authority.
# Argument: none = keeps it for ever; obtain = asks the authority now; healthy = tells how it is.
# Environment: NAMES (separated by spaces), CHECK_SECONDS; for an authority DIRECTORY (its address), EMAIL (may be empty) and,
# for a private one, AUTHORITY (path of the certificate that vouches for it).
set -euf
umask 077

served=/srv/certificates/site.pem
challenges=/srv/certificates/challenges
# What an authority gave goes by its address and certificate: another one, or one set up anew, is asked from the start.
store=/etc/letsencrypt/$({ echo "${DIRECTORY:-}" && cat "${AUTHORITY:-/dev/null}"; } | cksum | cut -d ' ' -f 1)
issued=$store/live/site
# What is known of the last attempt, gone with the container: a new one starts without blame.
output=/tmp/attempt.log
failure=/tmp/failure
success=/tmp/success

main() {
  case ${1:-keep} in
    keep) keep ;;
    obtain) obtain ;;
    healthy) healthy ;;
    *) echo "keep-certificate.sh: no such word: $1" >&2 && exit 2 ;;
  esac
}

keep() {
  (umask 022 && mkdir -p "$challenges")
  ! valid "$issued/fullchain.pem" 0 || serve_issued
  # What visitors know already is kept as long as it is valid, even for other names than now.
  if [ -n "${DIRECTORY:-}" ]; then valid "$served" 0 || sign; else sign_when_due; fi
  # The first question is the release's, once the edge answers; after a reboot, it is up by then.
  seconds=$(retry_seconds)
  while :; do
    sleep $((seconds + $(random_below $((seconds / 20 + 1)))))
    if [ -z "${DIRECTORY:-}" ]; then
      sign_when_due
    elif obtain; then
      seconds=$CHECK_SECONDS
    else
      seconds=$(retry_seconds)
    fi
  done
}

retry_seconds() { if [ "$CHECK_SECONDS" -lt 3600 ]; then echo "$CHECK_SECONDS"; else echo 3600; fi; }

random_below() { echo $(($(od -An -N2 -tu2 /dev/urandom) % $1)); }

# Asks certbot, which asks the authority where there is no certificate yet, it is due, or the names changed.
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

# Chain and key are read one after the other, so the key stays the same (--reuse-key).
ask() {
  set -- certonly --non-interactive --agree-tos --server "$DIRECTORY" --config-dir "$store" --cert-name site \
    --webroot --webroot-path "$challenges" --keep-until-expiring --renew-with-new-domains --reuse-key --key-type ecdsa \
    --logs-dir /tmp/certbot --max-log-backups 0
  if [ -n "${EMAIL:-}" ]; then set -- "$@" --email "$EMAIL" --no-eff-email; else set -- "$@" --register-unsafely-without-email; fi
  for name in $NAMES; do
    if is_address "$name"; then set -- "$@" --ip-address "$name"; else set -- "$@" --domain "$name"; fi
  done
  [ -z "${AUTHORITY:-}" ] || export REQUESTS_CA_BUNDLE="$AUTHORITY"
  # The lock is not certbot's to hold.
  certbot "$@" 9>&-
}

serve_issued() {
  cat "$issued/fullchain.pem" "$issued/privkey.pem" >/tmp/issued.pem || return
  cmp -s /tmp/issued.pem "$served" || serve </tmp/issued.pem
}

# 30 days before its end, and when the names changed.
sign_when_due() { { valid "$served" 2592000 && covers_names; } || sign; }

# Makes a self-signed certificate: 397 days is what browsers accept at most.
sign() {
  sans=""
  for name in $NAMES; do
    if is_address "$name"; then sans="$sans,IP:$name"; else sans="$sans,DNS:$name"; fi
  done
  cat >/tmp/self-signed.cnf <<END
[req]
prompt = no
distinguished_name = subject
x509_extensions = extensions
[subject]
CN = Self-signed certificate
[extensions]
subjectAltName = ${sans#,}
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
END
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out /tmp/self-signed.key
  openssl req -x509 -config /tmp/self-signed.cnf -key /tmp/self-signed.key -sha256 -days 397 -out /tmp/self-signed.crt
  cat /tmp/self-signed.crt /tmp/self-signed.key | serve
  rm /tmp/self-signed.crt /tmp/self-signed.key
  describe
}

# Standard input becomes what nginx serves. One file in one step, so that no chain ever meets another one's key.
serve() {
  cat >"$served.new"
  # nginx reads it as a member of this process's group.
  chmod 640 "$served.new"
  mv "$served.new" "$served"
}

healthy() {
  valid "$served" 0 || { echo "The certificate in use has expired, or there is none." && exit 1; }
  [ ! -s "$failure" ] || { echo "No certificate from $DIRECTORY: $(cat "$failure") ($(describe))" && exit 1; }
  # Before the first attempt, the one in use may be one for the names there were before.
  { [ -n "${DIRECTORY:-}" ] && [ ! -e "$success" ]; } || covers_names ||
    { echo "The certificate in use does not cover all of: $NAMES" && exit 1; }
  describe
}

# valid FILE SECONDS: is there a certificate in it, and will it still be valid after so many seconds?
valid() { openssl x509 -in "$1" -noout -checkend "$2" >/dev/null 2>&1; }

covers_names() {
  for name in $NAMES; do
    if is_address "$name"; then check=-checkip; else check=-checkhost; fi
    openssl x509 -in "$served" -noout "$check" "$name" | grep -q "does match" || return
  done
}

is_address() { case $1 in *:*) ;; *[!0-9.]*) return 1 ;; esac; }

describe() { echo "In use: issued by $(openssl x509 -in "$served" -noout -issuer -enddate | sed 's/^issuer= *//; s/^notAfter=/valid until /' | paste -s -d , | sed 's/,valid/, valid/')."; }

# What the authority said of each name, or else what certbot said, in one line.
reason() {
  {
    sed -n 's/^ *Detail: *//p' "$output" | grep . ||
      sed -n 's/.*(Caused by [A-Za-z]*(\(.*\)))$/it cannot be reached: \1/p' "$output" | grep . ||
      grep -Ev '^$|^(Saving debug log|Ask for help|Hint:|Account registered|Requesting a|Renewing an|An unexpected error|Some challenges)' "$output" ||
      echo "certbot failed and said nothing"
  } | paste -s -d '|' | sed 's/|/; /g' | cut -c 1-600
}

main "$@"
