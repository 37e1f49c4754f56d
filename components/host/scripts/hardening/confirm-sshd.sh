# shellcheck shell=sh disable=SC2086,SC2154 # follows the functions of this folder; $sudo is empty, or two words
# Keeps the settings of sshd that are on trial. Runs in a new connection. Arguments as of install-sshd.sh.
main() {
  confirm_trial sshd || fail "$TAKEN_BACK"
  settings | write_file "$drop_in"
  echo ssh | want ssh
  reload_sshd
  end_trial sshd
}

main "$@" </dev/null
