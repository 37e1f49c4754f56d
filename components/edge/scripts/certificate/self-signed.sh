# shellcheck shell=sh disable=SC2154 # part of keep-certificate.sh
# Creates the self-signed certificate.

# Due 30 days before expiry, and when the names changed.
sign_when_due() { { valid "$served" 2592000 && covers_names; } || sign; }

# Browsers accept at most 397 days.
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
