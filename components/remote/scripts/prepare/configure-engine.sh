# shellcheck shell=sh disable=SC2086,SC2154 # follows engine-answers.sh; $sudo is empty, or two words
# Writes daemon.json and the systemd drop-in of the engine, and applies them. If the engine rejects them or does not come back, it puts
# the previous files back and starts the engine again, since other applications may run in it.
# Arguments: 1 = how to apply daemon.json (restart, reload, or nothing if it is unchanged), 2 = the drop-in, the rest = names of changed
# settings. Standard input: daemon.json.
main() {
  apply=$1 drop_in=$2 reason=""
  shift 2
  names=$*
  file=/etc/docker/daemon.json
  unit=/etc/systemd/system/docker.service.d/berth.conf
  settings=$(cat)
  install_drop_in
  case $apply in
    restart | reload)
      say "Configuring Docker ($file): $names"
      write_settings
      "$apply"_engine
      ;;
  esac
  $sudo systemctl enable --quiet docker
  $sudo systemctl is-active --quiet docker || $sudo systemctl start docker || take_back "Docker does not start with"
  answers || take_back "Docker does not answer with"
  forget $file
  forget $unit
  $sudo docker version --format 'Docker {{.Server.Version}} is ready.' >&2
}

install_drop_in() {
  $sudo mkdir -p "${unit%/*}"
  [ "$($sudo cat $unit 2>/dev/null)" != "$drop_in" ] || return 0
  keep $unit
  printf '%s\n' "$drop_in" | write_file $unit
  $sudo systemctl daemon-reload
}

# Validates the settings before they are in place; engines before 23.0 cannot.
write_settings() {
  $sudo mkdir -p "${file%/*}"
  printf '%s\n' "$settings" | write_file $file.berth
  if dockerd --help 2>&1 | grep -q -e '--validate' && ! reason=$($sudo dockerd --validate --config-file $file.berth 2>&1); then
    $sudo rm -f $file.berth
    take_back "Docker rejects"
  fi
  reason=""
  keep $file
  $sudo mv $file.berth $file
}

reload_engine() { $sudo systemctl reload docker || take_back "Docker cannot be reloaded with"; }

# With live-restore, containers survive the restart. A reload enables it.
restart_engine() {
  if $sudo systemctl is-active --quiet docker && ! survive; then
    reload_engine
    tries=0
    until survive; do
      tries=$((tries + 1))
      [ "$tries" -lt 10 ] || take_back "Docker does not enable live-restore, so its restart would stop other containers, with"
      sleep 1
    done
  fi
  $sudo systemctl restart docker || take_back "Docker does not start with"
}

survive() {
  [ -z "$($sudo docker ps --quiet 2>/dev/null)" ] || [ "$($sudo docker info --format '{{.LiveRestoreEnabled}}' 2>/dev/null)" = true ]
}

# Puts the previous files back and fails. $1 = what went wrong.
take_back() {
  : "${reason:=$($sudo journalctl --unit docker --no-pager --lines 50 --output cat 2>/dev/null | grep -iE 'failed to start daemon|error starting daemon|unable to configure the docker daemon|invalid' | tail -n 1)}"
  put_back $file
  put_back $unit
  $sudo systemctl daemon-reload
  if runs_again; then state="Docker runs as before"
  else state="But Docker does not start with it either; read the reason on the server: journalctl -u docker -n 50"; fi
  fail "$1 Berth's settings in $file ($(clashing)). The previous file is back. $state.
Docker said: $(excerpt "${reason:-nothing}")
Remove what clashes from $file or from the flags of dockerd (systemctl cat docker), and deploy again."
}

runs_again() {
  if $sudo systemctl is-active --quiet docker && $sudo docker version >/dev/null 2>&1; then
    $sudo systemctl reload docker
    return 0
  fi
  # systemd refuses to start a service that failed too often.
  $sudo systemctl reset-failed docker 2>/dev/null
  $sudo systemctl start docker && answers
}

# The changed settings that the reason names, or else all.
clashing() {
  found=""
  for name in $names; do
    case $reason in *"$name"* | *"$(echo "${name%s}" | tr - ' ')"*) found="$found $name" ;; esac
  done
  echo ${found:-$names}
}

main "$@"
