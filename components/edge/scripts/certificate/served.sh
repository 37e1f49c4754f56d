# shellcheck shell=sh disable=SC2154 # part of keep-certificate.sh
# The certificate that nginx serves: installs it, and says what it is.

# Installs the certificate and key on standard input. One file, replaced in one step, so that they always belong together.
serve() {
  cat >"$served.new"
  # nginx reads it as a member of this group.
  chmod 640 "$served.new"
  mv "$served.new" "$served"
}

# valid FILE SECONDS: succeeds if the file has a certificate that is still valid after so many seconds.
valid() { openssl x509 -in "$1" -noout -checkend "$2" >/dev/null 2>&1; }

is_self_signed() { openssl x509 -in "$served" -noout -issuer | grep -q "Self-signed certificate"; }

covers_names() {
  for name in $NAMES; do
    if is_address "$name"; then check=-checkip; else check=-checkhost; fi
    openssl x509 -in "$served" -noout "$check" "$name" | grep -q "does match" || return
  done
}

is_address() { case $1 in *:*) ;; *[!0-9.]*) return 1 ;; esac; }

describe() { echo "In use: issued by $(openssl x509 -in "$served" -noout -issuer -enddate | sed 's/^issuer= *//; s/^notAfter=/valid until /' | paste -s -d , | sed 's/,valid/, valid/')."; }
