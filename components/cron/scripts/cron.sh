#!/bin/sh
# shellcheck disable=SC2034,SC2154 # variables and functions of notes.sh, run.sh and schedule.sh, which are in front of the last lines
# Runs a command on a schedule, inside the container of its image. Commands:
#   keep <command…>  runs the schedule until it is stopped, and then waits for the current runs
#   run              starts a run now, waits for it, and returns its exit code; 75 if another one prevents it
#   status           prints schedule, current, last and next run as JSON
#   healthy          fails if the last run failed
#   under-way        prints the current run of this container; fails if there is none
#   ready            succeeds after the start
# Environment: CRON_SCHEDULE (moments.awk), CRON_TIME_ZONE (its name), CRON_OVERLAP (forbid, replace or allow), CRON_MISSED (run or skip),
# CRON_TIMEOUT (seconds). Files beside this one: moments.awk, and zone with the time zone's offsets.
set -eu
here=${0%/*}
# The volume is shared with the container of the previous release; the folder in memory is this container's own.
journal=/srv/berth-cron/journal own=/run/berth-cron
in_memory=$own/journal
