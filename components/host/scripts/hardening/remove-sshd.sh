# shellcheck shell=sh disable=SC2086,SC2154 # follows the functions of this folder; $sudo is empty, or two words
# Removes Berth's settings of sshd, unless another stack wants them. Arguments as of install-sshd.sh.
main() {
  end_trial sshd
  if unwant ssh; then
    $sudo rm -f "$drop_in"
    ! $sudo sshd -t || reload_sshd
  fi
  tidy ssh
}

main "$@" </dev/null
