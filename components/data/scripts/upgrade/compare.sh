# shellcheck shell=sh disable=SC2154 # part of upgrade.sh
# Compares the two servers: roles, settings, schemas, and the rows of each table.
compare() {
  facts "$current" >"$work/old" || stop_here "PostgreSQL $running could not be read for the comparison."
  facts "$fresh" >"$work/new" || stop_here "PostgreSQL $wanted could not be read for the comparison."
  diff "$work/old" "$work/new" >"$work/differences" || {
    head -n 20 "$work/differences" | sed 's/^/  /' >&2
    stop_here "The copy differs: above, < is PostgreSQL $running and > is PostgreSQL $wanted."
  }
}

# Prints the facts that must be equal, one a line: server-facts.sql, and database-facts.sql for each database. $1 = container.
facts() {
  printf '%s\n' "$server_facts" | in_database "$1" postgres || return
  while read -r database; do
    printf '%s\n' "$database_facts" | in_database "$1" "$database" >"$work/facts" || return
    sed "s/^/$database /" "$work/facts"
  done <<END
$databases
END
}

in_database() {
  docker exec --interactive "$1" psql --quiet --no-psqlrc --no-align --tuples-only --field-separator ' ' --set ON_ERROR_STOP=1 \
    --username "$superuser" --dbname "$2" --file -
}
