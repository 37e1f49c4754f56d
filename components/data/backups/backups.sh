#!/bin/sh
# Backs up databases and files of a stack, and tests that they can be restored. Commands:
#   keep                   runs the schedule until it is stopped
#   backup <kind>          takes a backup now: scheduled or manual
#   before-restore         takes a backup without retention and off-site copy
#   before-release <name> <migrations>  the same, if the migrations differ from the last release's
#   released [migrations…] records that a release completed, and that its jobs ran these migrations
#   accept-passphrase      adds the passphrase on standard input to the backups
#   drop-passphrases       removes all passphrases but its own, at the next check of the schedule
#   snapshots              lists the backups as JSON: {"local": […], "offsite": […]}
#   find <which>           latest, a prefix of an id, or before-<release>: prints its repository (local or offsite), id and time
#   contents <where> <id> [folder]  lists a folder of a backup, by default its databases and volumes
#   dump <where> <id> <path>  prints a file of a backup, or a folder (its path ends with /) as a tar archive
#   drill                  restores the newest backup into a temporary database and compares
#   ranges                 prints the times that can be restored, one range a line: local or offsite, service, first and last time (UTC)
#   find-time <time>       a time in UTC, e.g. 2026-11-26T14:31:00, or latest: prints the repository that can restore it, and the time
#   take-recovered <where> <time>  recovers the databases as they were at that time, and prints the id of a backup of them
#   preview <where> <time> [service]  recovers a database beside the one in use, and opens psql on it
#   archive                prints how far behind the archive is, and its problems
#   retain                 removes old backups
#   adopt                  continues the off-site backups of an earlier server
#   status                 prints the ages of the last good backup, copy and drill
#   moments                prints the times of the last good backup, copy and drill: good, offsite or drill, and seconds since 1970
#   healthy                prints the same and the problems; fails if there are any
#   under-way              prints the current task of this container; fails if there is none
#   ready                  succeeds after the start
# Environment: STACK, TZ, BACKUP_TIME (HHMM), KEEP_DAILY, KEEP_MONTHLY, DATABASES (service:database:role, separated by spaces),
# POINT_IN_TIME_DAYS (may be missing), PROBE (true, may be missing), PING_URL (may be empty), OFFSITE (restic's name of a repository, may be empty).
# Files: /run/secrets/passphrase, /run/secrets/pgpass, /run/secrets/s3-credentials, /run/secrets/s3-authority (may be empty). Volumes: /srv/backups, and to read /backup/files/*.
set -euf
umask 077

here=/opt/berth
for part in notes journal repository ping snapshots keys dump backup offsite drill drill-files restore-database drill-databases archived wal-stream wal-archive base-backup recover probe drill-point-in-time archive-health schedule health; do
  # shellcheck disable=SC1090 # a file in this folder
  . "$here/$part.sh"
done

word=${1:-keep}
[ $# -eq 0 ] || shift
case $word in
  keep) keep ;;
  backup) with_lock backups take_backup "$@" ;;
  before-restore) with_lock backups take_first before-restore ;;
  before-release) before_release "$@" ;;
  released) released "$@" ;;
  accept-passphrase) with_lock backups accept_passphrase ;;
  drop-passphrases) note other-passphrases 0 ;;
  snapshots) snapshots ;;
  find) find_snapshot "$@" ;;
  contents) list_contents "$@" ;;
  dump) dump_from "$@" ;;
  drill) with_lock drills drill ;;
  ranges) ranges ;;
  find-time) find_time "$@" ;;
  take-recovered) with_lock backups take_recovered "$@" ;;
  preview) with_lock drills preview "$@" ;;
  archive) archive_state ;;
  retain) with_lock backups retain ;;
  adopt) with_lock backups adopt ;;
  status) status ;;
  moments) moments ;;
  healthy) healthy ;;
  under-way) under_way ;;
  ready) ready ;;
  *)
    echo "backups.sh: there is no command $word" >&2
    exit 2
    ;;
esac
