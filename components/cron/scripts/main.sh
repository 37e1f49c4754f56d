# shellcheck shell=sh # follows cron.sh, notes.sh, run.sh, schedule.sh and health.sh
word=${1:-}
[ $# -eq 0 ] || shift
case $word in
  keep) keep "$@" ;;
  run) request_run ;;
  status) status ;;
  healthy) healthy ;;
  under-way) under_way ;;
  ready) [ -e "$own/ready" ] ;;
  *)
    echo "cron.sh: there is no command $word" >&2
    exit 2
    ;;
esac
