# shellcheck shell=sh disable=SC2034,SC2154 # follows the other files of this folder, which use its variables; Berth sets those in upper case
# The watch of a stack. A systemd timer starts it every minute on the server, as root, so that alerts need neither a workstation nor a
# container with the engine's socket. It lies in a folder of its own, beside the targets of the messages and what it remembers.
# Arguments: 1 = watch, or test: sends a test message to each target; 2 = time in seconds since 1970. Default: the clock's.
main() {
  set -uf
  umask 027
  here=$(cd "$(dirname "$0")" && pwd)
  now=${2:-$(date +%s)} url=$URL expected=$here/../expected
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$here/outbox" "$here/delivery" "$here/checked"
  case $1 in
    watch) watch ;;
    test) each_target test_target ;;
  esac
}

KINDS="engine release servers services containers door site outside certificate backups archive drift files disk memory clock updates delivery"

watch() {
  : >"$work/seen" && : >"$work/judged" && : >"$work/events"
  observe
  for kind in $KINDS; do
    # A kind that cannot be judged now, e.g. during a release, leaves its conditions as they are.
    if "${kind}_conditions"; then echo "$kind" >>"$work/judged"; fi
  done
  compare
  each_target deliver
  forget_old_messages
  each_target send_sign_of_life
  echo "$now" >"$here/last-run"
}

main "$@"
