# shellcheck shell=sh disable=SC2154 # follows repository.sh
# Proves that the newest backup can be restored: into a database server of its own, which listens on a socket file only, and into
# a folder; then all is compared. Both are thrown away.
readonly stage=/work/drill

drill() {
  began=$(date +%s)
  rm -rf "$stage"
  failed_before=$(noted drill-failure)
  if proven >/tmp/proof 2>&1; then
    forgotten drill-failure
    [ -z "$failed_before" ] || ping_when_well
    note drill "$(date +%s) $drilled"
    say "Restore of $drilled proven in $(($(date +%s) - began)) s: $(grep -v '^ ' /tmp/proof | paste -s -d ';' - | sed 's/;/; /g')"
    rm -rf "$stage"
  else
    note drill-failure "$(date +%s) $(tail -n 3 /tmp/proof | paste -s -d ' ' - | cut -c 1-300)"
    say "THE RESTORE DRILL FAILED. Do not rely on the backups until this is mended:"
    sed 's/^/  | /' /tmp/proof >&2
    rm -rf "$stage"
    ping /fail
    return 1
  fi
}

proven() {
  # From this server's own: what is copied off-site is checked there.
  found=$(found_in local) || return 1
  found=${found#* }
  drilled=$(echo "${found%% *}" | cut -c 1-8)
  taken=$(TZ=UTC date -d "$(echo "${found#* }" | cut -c 1-19 | tr T ' ')" +%s) || return 1
  # Every byte of it, of the older backups too.
  without_lock local check --quiet --read-data || return 1
  if [ -n "$OFFSITE" ] && [ -n "$(noted offsite)" ]; then offsite_readable || return 1; fi
  # Dumps and files, and the database made of the dumps.
  size=$(without_lock local stats --json "$drilled" | sed -n 's/.*"total_size":\([0-9]*\).*/\1/p')
  room_for "a drill" $((${size:-0} / 512)) || return 1
  mkdir -p "$stage/files"
  files_equal || return 1
  databases_equal
}

# A part of it each time, as what is read there may cost money, so in a quarter of a year every byte.
offsite_readable() {
  part=$(($(noted offsite-part 0) % 13 + 1))
  without_lock offsite check --quiet --read-data-subset "$part/13" || return 1
  note offsite-part "$part"
}

# Files that neither changed their size nor their time since must be the same, byte for byte.
files_equal() {
  [ -d /backup/files ] || return 0
  unpacked "$drilled:/files" "$stage/files" || return 1
  none_missing || return 1
  restored=0 equal=0
  find "$stage/files" -type f >/work/restored
  while IFS= read -r file; do
    restored=$((restored + 1))
    now=/backup/files${file#"$stage/files"}
    unchanged "$file" "$now" || continue
    [ "$(sha256sum <"$file")" = "$(sha256sum <"$now")" ] || {
      echo "The file $now is another one than in the backup, though its size and time are the same."
      return 1
    }
    equal=$((equal + 1))
  done </work/restored
  echo "files: $restored restored, $equal equal to those in use, $((restored - equal)) changed since"
}

# What was there at the time of the backup, and still is, has to be in it.
none_missing() {
  touch -d "@$taken" "$stage/taken"
  find /backup/files -name '.berth-*' -prune -o -type f ! -newer "$stage/taken" -print >/work/present
  while IFS= read -r file; do
    if [ ! -e "$stage/files${file#/backup/files}" ] && was_there "$file"; then
      echo "The file $file is not in the backup, though it is older."
      return 1
    fi
  done </work/present
}

# was_there FILE: under this name. A volume that the backup does not know may have come with this container.
was_there() {
  volume=${1#/backup/files/}
  [ -e "$stage/files/${volume%%/*}" ] || [ "$stage/taken" -nt /tmp/ready ] || return 1
  older %Z "$1" || return 1
  folder=${1%/*}
  while [ "${folder%/*}" != /backup/files ] && [ "$folder" != /backup/files ]; do
    ! renamed "$folder" || return 1
    folder=${folder%/*}
  done
}

# Another name changes the time of the folder (%Z), and not that of what is in it (%Y).
renamed() { ! older %Z "$1" && { [ ! -e "$stage/files${1#/backup/files}" ] || older %Y "$1"; }; }

# older FORMAT PATH: than the backup. What is gone is not.
older() { time=$(stat -c "$1" "$2" 2>/dev/null) && [ "$time" -lt "$taken" ]; }

# A tar archive has whole seconds, rounded.
unchanged() {
  [ "$(stat -c %s "$1")" = "$(stat -c %s "$2" 2>/dev/null)" ] || return 1
  apart=$(($(stat -c %Y "$1") - $(stat -c %Y "$2")))
  [ "$apart" = 0 ] || [ "$apart" = 1 ]
}

# unpacked SNAPSHOT FOLDER
unpacked() {
  rm -f /tmp/failed
  { without_lock local dump "$1" / --archive tar || touch /tmp/failed; } | tar -x -o -C "$2" || return 1
  [ ! -e /tmp/failed ]
}

databases_equal() {
  for words in $DATABASES; do
    service=${words%%:*}
    restored_equal "$service" || { stop_server && return 1; }
    stop_server
  done
}

restored_equal() {
  start_server || return 1
  # As they are: a tar archive of the small tar here ends at 8 GiB a file.
  for part in dump facts; do
    without_lock local dump "$drilled" "/databases/$1/$part" >"$stage/server/$part" || return 1
  done
  chmod 644 "$stage/server/dump"
  # Extensions and all: this server's superuser owns it.
  in_server pg_restore --exit-on-error --no-owner --no-privileges --dbname drill "$stage/server/dump" || return 1
  in_server psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname drill --file "$here/facts.sql" >"$stage/facts" || return 1
  diff "$stage/server/facts" "$stage/facts" >/tmp/difference || {
    echo "The restored database $1 is not the one that was dumped (< dumped, > restored):"
    sed 's/^/  /' /tmp/difference
    return 1
  }
  awk -F '|' -v name="$1" '/^rows/ { tables++; rows += $2 } /^migrations/ { migrations += $2 }
    END { printf "%s: %d rows in %d tables, %d migrations\n", name, rows, tables, migrations }' "$stage/facts"
}

# Nobody signs in over a network, and PostgreSQL does not run as root.
start_server() {
  rm -rf "$stage/server"
  mkdir -p "$stage/server" && chmod 711 /work "$stage" && chmod 1777 "$stage/server" || return 1
  as_postgres initdb --username postgres --auth trust --encoding UTF8 --pgdata "$stage/server/data" >/dev/null || return 1
  as_postgres pg_ctl --pgdata "$stage/server/data" --wait --silent --log "$stage/server/log" \
    --options "'-c listen_addresses= -c unix_socket_directories=$stage/server -c fsync=off -c shared_buffers=32MB'" start || {
    cat "$stage/server/log"
    return 1
  }
  in_server createdb --template template0 drill
}

stop_server() { as_postgres pg_ctl --pgdata "$stage/server/data" --silent --mode immediate stop || true; }

in_server() { PGHOST=$stage/server PGUSER=postgres "$@"; }

# The official images have gosu, and not all of them su.
as_postgres() {
  line="umask 077; cd /; PATH=$PATH $*"
  if command -v gosu >/dev/null; then gosu postgres sh -c "$line"; else su -s /bin/sh -c "$line" postgres; fi
}
