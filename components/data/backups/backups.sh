#!/bin/sh
# Backs up databases and files of a stack, proves that they can be restored, and hands them out.
#   keep                   for ever, by the schedule
#   backup <kind>          now: scheduled or manual
#   before-restore         the same, without what can wait
#   before-release <name> <migrations>  the same, when these are other migrations than at the last release
#   released [migrations…] the release came through, with jobs that carried these out
#   accept-passphrase      lets the passphrase on standard input open the backups too
#   drop-passphrases       soon lets no other one than its own open them
#   snapshots              what can be restored, as JSON: {"local": […], "offsite": […]}
#   find <which>           of latest, the beginning of an id, or before-<release>: prints where it is (local or offsite) and its id
#   contents <where> <id>  the folders in it
#   dump <where> <id> <path>  a file of it, or what is in a folder (its path ends with /) as a tar archive
#   drill                  restores the newest into a throw-away database, and compares
#   retain                 removes what the retention does not keep
#   adopt                  goes on with the off-site backups of an earlier server
#   status                 ages of the last good backup, copy and proof
#   healthy                the same, and what is not well
#   under-way              what this container does just now, if anything
#   ready                  succeeds once it works
# Environment: STACK, TZ, BACKUP_TIME (HHMM), KEEP_DAILY, KEEP_MONTHLY, DATABASES (service:database:role, separated by spaces),
# PING_URL (may be empty), OFFSITE (restic's name of a repository, may be empty).
# Files: /run/secrets/passphrase, /run/secrets/pgpass, /run/secrets/s3-credentials. Volumes: /srv/backups, and to read /backup/files/*.
set -euf
umask 077

here=/opt/berth
for part in journal repository snapshots keys dump backup offsite drill drill-files drill-databases schedule health; do
  # shellcheck disable=SC1090 # one of those beside this
  . "$here/$part.sh"
done

word=${1:-keep}
[ $# -eq 0 ] || shift
case $word in
  keep) keep ;;
  backup) alone backups take_backup "$@" ;;
  before-restore) alone backups take_first before-restore ;;
  before-release) before_release "$@" ;;
  released) released "$@" ;;
  accept-passphrase) alone backups accept_passphrase ;;
  drop-passphrases) note other-passphrases 0 ;;
  snapshots) snapshots ;;
  find) find_snapshot "$@" ;;
  contents) in_repository "$1" ls --quiet "$2" /databases /files ;;
  dump) dump_from "$@" ;;
  drill) alone drills drill ;;
  retain) alone backups retain ;;
  adopt) alone backups adopt ;;
  status) status ;;
  healthy) healthy ;;
  under-way) under_way ;;
  ready) ready ;;
  *)
    echo "backups.sh: there is no word $word" >&2
    exit 2
    ;;
esac
