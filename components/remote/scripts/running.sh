# shellcheck shell=sh # follows containers.sh
# Fails unless all containers are as expected: services running or restarting, jobs exited with code 0. Arguments: their ids.
for id in "$@"; do
  state=$(docker inspect --format '{{.HostConfig.RestartPolicy.Name}} {{.State.Status}} {{.State.ExitCode}}' "$id" 2>/dev/null) || exit 1
  case $state in
    "no exited 0" | *" running "* | *" restarting "*) ;;
    *) exit 1 ;;
  esac
done
