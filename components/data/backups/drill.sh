# shellcheck shell=sh disable=SC2034,SC2154 # follows repository.sh; drill-files.sh and drill-databases.sh follow
# The restore drill: proves that the newest backup can be restored. It restores files into a folder (drill-files.sh) and databases
# into a temporary server (drill-databases.sh), compares both, and deletes them.
readonly stage=/work/drill

drill() {
  began=$(date +%s)
  rm -rf "$stage"
  failed_before=$(read_note drill-failure)
  if prove_restore >/tmp/proof 2>&1; then
    delete_note drill-failure
    [ -z "$failed_before" ] || ping_when_well
    note drill "$(date +%s) $drilled"
    say "Restore of $drilled proven in $(($(date +%s) - began)) s: $(grep -v '^ ' /tmp/proof | paste -s -d ';' - | sed 's/;/; /g')"
    rm -rf "$stage"
  else
    note drill-failure "$(date +%s) $(tail -n 3 /tmp/proof | paste -s -d ' ' - | cut -c 1-300)"
    say "THE RESTORE DRILL FAILED. Do not rely on the backups until the cause is fixed:"
    sed 's/^/  | /' /tmp/proof >&2
    rm -rf "$stage"
    ping /fail
    return 1
  fi
}

prove_restore() {
  # The newest on this server; offsite_readable checks the off-site copy.
  found=$(find_in local) || return 1
  found=${found#* }
  drilled=$(echo "${found%% *}" | cut -c 1-8)
  taken=$(TZ=UTC date -d "$(echo "${found#* }" | cut -c 1-19 | tr T ' ')" +%s) || return 1
  # Reads every byte of the repository, older backups included.
  without_lock local check --quiet --read-data || return 1
  if [ -n "$OFFSITE" ] && [ -n "$(read_note offsite)" ]; then offsite_readable || return 1; fi
  # Needs space for the dumps and files, and the same again for the restored databases.
  size=$(without_lock local stats --json "$drilled" | sed -n 's/.*"total_size":\([0-9]*\).*/\1/p')
  room_for "a drill" $((${size:-0} / 512)) || return 1
  mkdir -p "$stage/files"
  compare_files && compare_databases || return 1
  ! point_in_time || prove_point_in_time
}

# Reads a thirteenth each week, as the storage may charge for reads. So it reads every byte once a quarter.
offsite_readable() {
  part=$(($(read_note offsite-part 0) % 13 + 1))
  without_lock offsite check --quiet --read-data-subset "$part/13" || return 1
  note offsite-part "$part"
}
