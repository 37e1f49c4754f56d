# shellcheck shell=sh disable=SC2154 # part of keep-certificate.sh
# Obtains the certificate from the ACME authority. certbot.sh or lego.sh, which come before this file, define the client: ask,
# reason, issued_chain and issued_key.

# The client asks the authority if there is no certificate yet, if its renewal is due, or if the names changed.
obtain() {
  exec 9>/tmp/obtain.lock
  flock 9
  # The client must not inherit the lock.
  if ask >"$output" 2>&1 9>&- && serve_issued; then
    rm -f "$failure"
    touch "$success"
    describe
  else
    # The authority's answer for each name, or else the client's message, in one line.
    reason | paste -s -d '|' | sed 's/|/; /g' | cut -c 1-600 >"$failure"
    echo "No certificate from $DIRECTORY: $(cat "$failure")" >&2
    return 1
  fi
}

# Chain and key are read one after the other, so the clients keep the key.
serve_issued() {
  cat "$(issued_chain)" "$(issued_key)" >/tmp/issued.pem || return
  cmp -s /tmp/issued.pem "$served" || serve </tmp/issued.pem
}

# After a switch to another client or authority, what it issued earlier must not replace the certificate in use.
serve_newer() {
  { valid "$served" 0 && ! is_self_signed && [ ! "$(issued_chain)" -nt "$served" ]; } || serve_issued
}
