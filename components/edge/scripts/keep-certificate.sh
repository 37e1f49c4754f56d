#!/bin/sh
# shellcheck disable=SC2034 # variables for the other files
# The certificate manager: keeps the certificate that nginx serves up to date, self-signed or from an ACME authority. It runs in a
# container of certbot's image, so that renewals need no deployment. certificate/*.sh come before this file.
# Argument: keep (the default) = runs until it is stopped; obtain = asks the authority now; healthy = its health check.
# Environment: NAMES (separated by spaces), CHECK_SECONDS; for an authority DIRECTORY (its address), EMAIL (may be empty) and,
# for a private one, AUTHORITY (path of the CA certificate of its HTTPS server); see lego.sh for validation over DNS.
set -euf
umask 077

served=/srv/certificates/site.pem
challenges=/srv/certificates/challenges
# A folder for each authority, by its address and CA certificate: another or a reinstalled one gets a new account.
store=/etc/letsencrypt/$({ echo "${DIRECTORY:-}" && cat "${AUTHORITY:-/dev/null}"; } | cksum | cut -d ' ' -f 1)
# The result of the last attempt. It is lost with the container, so a new one starts without an error.
output=/tmp/attempt.log
failure=/tmp/failure
success=/tmp/success

main() {
  case ${1:-keep} in
    keep) keep ;;
    obtain) obtain ;;
    healthy) healthy ;;
    *) echo "keep-certificate.sh: there is no command $1" >&2 && exit 2 ;;
  esac
}

keep() {
  (umask 022 && mkdir -p "$challenges")
  ! valid "$(issued_chain)" 0 || serve_newer
  # The certificate in use stays as long as it is valid, even if the names have changed.
  if [ -n "${DIRECTORY:-}" ]; then valid "$served" 0 || sign; else sign_when_due; fi
  # The release itself asks first, once the edge answers; after a reboot the edge is up by the end of this wait.
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

healthy() {
  valid "$served" 0 || { echo "The certificate in use has expired, or there is none." && exit 1; }
  [ ! -s "$failure" ] || { echo "No certificate from $DIRECTORY: $(cat "$failure") ($(describe))" && exit 1; }
  # Before the first attempt, the certificate in use may be for the previous names.
  { [ -n "${DIRECTORY:-}" ] && [ ! -e "$success" ]; } || covers_names ||
    { echo "The certificate in use does not cover all of: $NAMES" && exit 1; }
  describe
}

main "$@"
