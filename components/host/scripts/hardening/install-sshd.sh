# shellcheck shell=sh disable=SC2086,SC2154 # follows the functions of this folder; $sudo is empty, or two words
# Turns sign-ins with passwords off, on trial: until confirm-sshd.sh, the file in sshd's folder only includes one in memory.
# Arguments: 1 = <project>-<stack>.
main() {
  needs_root hardeningSsh
  # An sshd that is not valid before would not be after, and must not be reloaded.
  said=$($sudo sshd -t 2>&1) || fail "sshd's configuration is not valid, so Berth does not touch it. Nothing was changed. sshd said: $(excerpt "$said")"
  is_set pubkeyauthentication yes || fail "sshd does not accept keys from the account $(id -un), so nothing was changed. Set PubkeyAuthentication yes on the server."
  case $(value_of authenticationmethods) in
    *password* | *keyboard-interactive*) fail "sshd demands a password beside the key (AuthenticationMethods), which hardeningSsh would make impossible. Nothing was changed. Remove the setting: pulumi config rm hardeningSsh" ;;
  esac
  take_back | begin_trial sshd
  ! confirmed || $sudo cp "$drop_in" "$trials/sshd/former"
  settings | write_file "$trials/sshd/sshd.conf"
  if confirmed; then settings; else echo "Include $trials/sshd/sshd.conf"; fi | write_file "$drop_in"
  if ! said=$($sudo sshd -t 2>&1) || ! said=$(effective) || ! said=$(reload_sshd 2>&1); then
    abort_trial sshd
    fail "Passwords cannot be turned off, so sshd is as before: $(excerpt "${said:-sshd cannot be reloaded}")"
  fi
  only=$(password_only | paste -s -d ' ')
  [ -z "$only" ] || warn "These accounts of the server have a password and no key, so they can no longer sign in over SSH: $only"
}

# Whether the drop-in is there from an earlier deployment.
confirmed() { $sudo test -e "$drop_in" && ! $sudo grep -q '^Include ' "$drop_in"; }

# Another file, or the main one, may have the first word.
effective() {
  is_set passwordauthentication no && is_set kbdinteractiveauthentication no && return 0
  echo "the configuration of sshd has another value before $drop_in. Correct it on the server: grep -ri -e PasswordAuthentication -e KbdInteractive -e Include /etc/ssh/sshd_config /etc/ssh/sshd_config.d"
  return 1
}

# A value of sshd's configuration for this account and its address.
value_of() {
  client=${SSH_CONNECTION:-}
  $sudo sshd -T -C "user=$(id -un),host=localhost,addr=$(echo "${client:-127.0.0.1}" | cut -d ' ' -f 1)" 2>/dev/null | sed -n "s/^$1 //p"
}
is_set() { [ "$(value_of "$1")" = "$2" ]; }

password_only() {
  $sudo cat /etc/shadow 2>/dev/null | awk -F : '$2 ~ /^\$/ { print $1 }' | while read -r name; do
    home=$(getent passwd "$name" | cut -d : -f 6)
    $sudo test -s "$home/.ssh/authorized_keys" || echo "$name"
  done
}

take_back() {
  cat <<END_OF_SCRIPT
if [ -e $trials/sshd/former ]; then cp $trials/sshd/former $drop_in; else rm -f $drop_in; fi
systemctl reload ssh 2>/dev/null || systemctl try-restart ssh
rm -rf $trials/sshd
END_OF_SCRIPT
}

main "$@" </dev/null
