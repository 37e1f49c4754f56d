#!/bin/sh
# Waits until the server answers over SSH, and says what to do when it never will.
# Environment: SSH (the ssh call, quoted for a shell), SERVER (its name for people), WAIT_SECONDS.
set -eu

fail() {
  printf '\n%s\n\nssh said: %s\n' "$1" "${answer:-nothing}" >&2
  exit 1
}

answer=""
command -v ssh >/dev/null || fail "There is no ssh on this machine. Install it: apt-get install openssh-client"
deadline=$(($(date +%s) + WAIT_SECONDS))
announced=no
waited=""
[ "$WAIT_SECONDS" -eq 0 ] || waited=" after $WAIT_SECONDS s"
while ! answer=$(eval "$SSH -- true" 2>&1); do
  case $answer in
    *"HOST IDENTIFICATION HAS CHANGED"* | *"Host key verification failed"* | *"host key is known"*)
      fail "$SERVER shows another host key than the pinned one. Nothing was changed. If the server was set up anew, check its key on its own console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) and set it: pulumi config set serverHostKey 'ssh-ed25519 …'. If not, somebody may be in between." ;;
    *"Permission denied"* | *"Too many authentication failures"*)
      fail "$SERVER refuses the key. Nothing was changed. Add the public key to ~/.ssh/authorized_keys of that account, or name the right one: pulumi config set serverKeyFile ~/.ssh/… (without it, the SSH agent is asked)." ;;
    *"invalid format"* | *"error in libcrypto"* | *"bad permissions"*)
      fail "The private key cannot be used. Nothing was changed. serverKeyFile must name an OpenSSH private key that only its owner may read (chmod 600) and that has no passphrase, or leave it unset and load the key into the SSH agent." ;;
    *"Could not resolve hostname"*)
      fail "The name of the server is not known. Nothing was changed. Check it: pulumi config get serverHost." ;;
  esac
  [ "$(date +%s)" -lt "$deadline" ] ||
    fail "$SERVER does not answer$waited. Nothing was changed. Check that it is on, that sshd listens on that port, and that no firewall is in between (serverHost, serverPort)."
  if [ "$announced" = no ]; then
    echo "Waiting up to $WAIT_SECONDS s for $SERVER …"
    announced=yes
  fi
  sleep 2
done
