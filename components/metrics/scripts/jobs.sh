# shellcheck shell=sh disable=SC2154 # part of collect.sh
# Scheduled jobs, as their runners report them. During a release, the container of the new one counts.
jobs_samples() {
  of_stack ps --no-trunc --filter "label=$label_cron" --format "{{.ID}} {{.Label \"$label_service\"}}" >"$work/jobs"
  sort -u -k 2,2 -s "$work/jobs" >"$work/newest"
  while read -r id name; do
    status=$(docker exec "$id" sh /opt/berth-cron/cron.sh status 2>/dev/null </dev/null) || continue
    labels="job_name=\"$name\""
    sample berth_job_next_run_timestamp_seconds "$labels" "$(status_number '"next":')"
    sample berth_job_runs_under_way "$labels" "$(printf '%s' "$status" | sed 's/.*"running":\[\([^]]*\)\].*/\1/' | grep -o '"began"' | wc -l | tr -d ' ')"
    sample berth_job_last_run_start_timestamp_seconds "$labels" "$(status_number '"last":{"began":')"
    sample berth_job_last_run_end_timestamp_seconds "$labels" "$(status_number '"last":{"began":[0-9]*,"ended":')"
    sample berth_job_last_exit_code "$labels" "$(status_number '"last":{"began":[0-9]*,"ended":[0-9]*,"code":')"
    sample berth_job_last_success_timestamp_seconds "$labels" "$(status_number '"good":')"
  done <"$work/newest"
}

# The number that follows $1 in the status; nothing if it is null.
status_number() { printf '%s\n' "$status" | sed -n "s/.*$1\([0-9][0-9]*\).*/\1/p"; }

jobs_families() {
  family berth_job_next_run_timestamp_seconds gauge "Time of the scheduled job's next run, in seconds since 1970."
  family berth_job_runs_under_way gauge "Runs of the scheduled job that are under way."
  family berth_job_last_run_start_timestamp_seconds gauge "Start of the scheduled job's last run, in seconds since 1970."
  family berth_job_last_run_end_timestamp_seconds gauge "End of the scheduled job's last run, in seconds since 1970."
  family berth_job_last_exit_code gauge "Exit code of the scheduled job's last run."
  family berth_job_last_success_timestamp_seconds gauge "End of the scheduled job's last run that succeeded, in seconds since 1970."
}
