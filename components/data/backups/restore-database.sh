# shellcheck shell=sh disable=SC2154 # part of the drill (drill-databases.sh) and of the restore on the server (restore-databases.sh)
# Restores the dump of a backup into a new database and compares both. The drill proves what the restore does, as both use this file.
# They define:
#   list_parts        lists the files of the backup of this database
#   read_part NAME    prints one of them, or a folder (NAME ends with /) as a tar archive
#   read_query NAME   prints a file of /opt/berth
#   in_server WORDS…  runs a client program as the superuser of the server
#   $work             a folder for intermediate files
#   $model            a database whose locale a backup gets that was made before backups had create.sql

# restore_into DATABASE: creates it.
restore_into() {
  privileges=""
  if [ -e "$work/about/create.sql" ]; then
    sql postgres --set "database=$1" <"$work/about/create.sql" >"$work/created" || return 1
  else
    create_like_model "$1" >"$work/created" || return 1
    privileges=--no-privileges
  fi
  # As the superuser, as only it can restore all kinds of objects, each with its owner. The data directory is the only place for tables.
  # shellcheck disable=SC2086 # an option, or none
  read_part dump | in_server pg_restore --exit-on-error --no-tablespaces $privileges --dbname "$1" || return 1
  compare_with_backup "$1" || return 1
  # Last, as these settings also apply to the sessions above.
  [ ! -e "$work/about/settings.sql" ] || sql postgres --set "database=$1" <"$work/about/settings.sql" >/dev/null
}

# Reads what the backup knows about the database, into $work/about. Backups from before there was such a folder have facts only.
read_about() {
  rm -rf "$work/about"
  mkdir -p "$work/about" && list_parts >"$work/parts" || return 1
  ! grep -q '/about$' "$work/parts" || { read_part about/ >"$work/about.tar" && tar -x -o -f "$work/about.tar" -C "$work/about"; } || return 1
  read_part facts >"$work/about/facts"
}

# sql DATABASE OPTIONS…: runs SQL from standard input.
sql() {
  on=$1
  shift
  in_server psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$on" "$@" --file -
}

# Creates the database, and the roles that own its objects.
create_like_model() {
  read_part dump | in_server pg_restore --schema-only --file - >"$work/schema" || return 1
  sed -n 's/^ALTER .* OWNER TO \(.*\);$/\1/p' "$work/schema" | sort -u |
    sed 's/.*/DO $$ BEGIN CREATE ROLE & NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;/' >"$work/roles"
  sql postgres <"$work/roles" || return 1
  sql postgres --set "database=$1" --set "model=$model" <<'SQL'
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L', :'database', pg_encoding_to_char(encoding),
  datcollate, datctype) FROM pg_database WHERE datname = :'model' \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SQL
}

# Compares the rows of each table, the migrations, and all objects with their owners and privileges.
compare_with_backup() {
  for fact in facts objects; do
    [ -e "$work/about/$fact" ] || continue
    read_query "$fact.sql" | sql "$1" >"$work/restored-$fact" || return 1
    # Facts from before there were objects also count rows that belong to extensions.
    [ -e "$work/about/objects" ] || { grep -Fxf "$work/restored-facts" "$work/about/facts" >"$work/known" && mv "$work/known" "$work/about/facts"; } || true
    diff "$work/about/$fact" "$work/restored-$fact" >"$work/differences" || {
      echo "The restored database differs from the dumped one (< dumped, > restored):"
      head -n 20 "$work/differences" | sed 's/^/  /'
      return 1
    }
  done
}
