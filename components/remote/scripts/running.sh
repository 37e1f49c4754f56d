# shellcheck shell=sh # follows containers.sh
# Fails unless every container still stands: services running or just started again, jobs ended well. Arguments: their ids.
for id in "$@"; do
  how=$(docker inspect --format '{{.HostConfig.RestartPolicy.Name}} {{.State.Status}} {{.State.ExitCode}}' "$id" 2>/dev/null) || exit 1
  case $how in
    "no exited 0" | *" running "* | *" restarting "*) ;;
    *) exit 1 ;;
  esac
done
