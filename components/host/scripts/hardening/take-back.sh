# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows step.sh; $sudo is empty, or two words
# A change that could lock Berth out is on trial: the server takes it back, unless Berth signs in again over a new connection and
# confirms it. What is on trial is in memory only, so a reboot takes it back too.
trials=/run/berth/trials trial_seconds=60

# Begins the trial $1. Standard input: the script that takes the change back.
begin_trial() {
  $sudo systemctl stop "berth-take-back-$1.timer" 2>/dev/null
  $sudo mkdir -p "$trials/$1"
  write_file "$trials/$1/take-back.sh"
  $sudo systemd-run --quiet --collect --unit "berth-take-back-$1" --on-active "$trial_seconds" --timer-property AccuracySec=1s \
    /bin/sh "$trials/$1/take-back.sh" || fail "The server cannot be told to take the change back (systemd-run), so nothing was changed."
}

# Ends the trial $1 before its time: the change failed.
abort_trial() {
  $sudo sh "$trials/$1/take-back.sh"
  end_trial "$1"
}

# Stops the clock of the trial $1. Fails if the server has taken the change back.
confirm_trial() {
  $sudo systemctl is-active --quiet "berth-take-back-$1.timer" && $sudo systemctl stop "berth-take-back-$1.timer" &&
    ! $sudo systemctl is-active --quiet "berth-take-back-$1.service" && $sudo test -e "$trials/$1/take-back.sh"
}

end_trial() {
  $sudo systemctl stop "berth-take-back-$1.timer" 2>/dev/null
  $sudo rm -rf "$trials/$1"
  $sudo rmdir "$trials" "${trials%/*}" 2>/dev/null || true
}

TAKEN_BACK="The confirmation came too late: the server has taken the change back already. Deploy again."
