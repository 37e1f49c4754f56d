# shellcheck shell=sh disable=SC2154 # follows postgres-data.sh
# Copies all that a server has to a new one of another major version, on a volume of its own. Until the last step the old
# one serves, and writers wait: their locks end with the session that holds them, so whatever happens here, they go on.
upgrade() {
  fresh=$project-$stack-$service-upgrade
  work=$(mktemp -d)
  trap 'end $?' EXIT
  trap 'exit 1' HUP INT TERM PIPE
  docker start "$current" >/dev/null
  await "$current"
  # What an attempt that was killed has left.
  docker rm --force --volumes "$fresh" "$fresh-dump" >/dev/null 2>&1
  on_volume "$volume" find "$data" -mindepth 1 -delete
  has_room
  start_new "$@"
  hold_writers
  held=$(date +%s)
  copy
  compare
  switch
  finished=yes
  echo "PostgreSQL $running -> $wanted: all is on the volume $volume, and equal. Writers waited $(($(date +%s) - held)) s. The volume $standing stays as it was."
}

has_room() {
  need=$(($(ask "$current" postgres 'SELECT ceil(sum(pg_database_size(oid)) / 1024) FROM pg_database') / 1024 + 512))
  free=$(($(on_volume "$volume" df -Pk "$data" | awk 'NR == 2 { print $4 }') / 1024))
  [ "$free" -ge "$need" ] || stop_here "The copy needs about $need MiB on the server's disk, and $free MiB are free. Make room, then deploy again."
}

# With the command it will have, so that settings it does not know are found now. Where it writes tells that it is unfinished.
start_new() {
  docker run --detach --name "$fresh" --label "$label_project=$project" --label "$label_stack=$stack" --label "$label_service=$service-upgrade" \
    --network none --user "$account" --read-only --cap-drop ALL --security-opt no-new-privileges \
    --tmpfs /tmp --tmpfs "/var/run/postgresql:mode=0700,uid=${account%:*},gid=${account#*:}" --shm-size 256m \
    --memory "${memory}m" --memory-swap "${memory}m" --log-opt max-size=10m --log-opt max-file=3 \
    --mount "type=volume,source=$volume,target=$data" --env "PGDATA=$data/unfinished" \
    --env "POSTGRES_USER=$superuser" --env POSTGRES_DB=postgres --env POSTGRES_PASSWORD=taken-away-at-once \
    --env POSTGRES_INITDB_ARGS=--auth-host=scram-sha-256 "$image" "$@" >/dev/null ||
    stop_here "The new server cannot be made."
  await "$fresh"
}

# $1 = container. The server that makes a new database answers on its socket only.
await() {
  seconds=0
  until docker exec "$1" pg_isready --quiet --host 127.0.0.1; do
    if [ "$seconds" = 120 ] || ! runs "$1"; then
      docker logs --tail 20 "$1" 2>&1 | sed 's/^/  | /' >&2
      stop_here "The server above does not come up."
    fi
    sleep 1
    seconds=$((seconds + 1))
  done
}

runs() { [ "$(docker inspect --format '{{.State.Running}}' "$1")" = true ]; }

# Readers go on. Everybody's locks end when the pipe is closed, which the end of this script does.
hold_writers() {
  mkfifo "$work/pipe"
  holders=
  databases=$(ask "$current" postgres 'SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1')
  number=0
  while read -r database; do
    number=$((number + 1))
    docker exec --interactive "$current" psql --quiet --no-psqlrc --no-align --tuples-only --set ON_ERROR_STOP=1 \
      --username "$superuser" --dbname "$database" \
      --command "SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN ('statement_timeout', 'transaction_timeout', 'idle_session_timeout', 'idle_in_transaction_session_timeout')" \
      --command BEGIN --command "$lock" --command '\echo held' --command '\! cat' \
      <"$work/pipe" >"$work/held-$number" 2>"$work/held-$number.log" &
    holders="$holders $!"
  done <<END
$databases
END
  exec 3>"$work/pipe"
  for one in $(seq "$number"); do
    until grep -qx held "$work/held-$one"; do
      still_held || {
        cat "$work/held-$one.log" >&2
        stop_here "Writers could not be made to wait, perhaps because a transaction stays open. See what runs (select * from pg_stat_activity), end it, deploy again."
      }
      sleep 0.1
    done
  done
}

# A writer may hold one table and want the next while this does the reverse. So this gives up before PostgreSQL looks for such a
# deadlock (after one second), which might end the writer, and begins anew with the table it did not get, for a minute. While it
# waits for the first, it holds none.
# shellcheck disable=SC2016 # for PostgreSQL
lock='DO $$
DECLARE relation regclass; taken_first timestamptz; wanted oid[]; ends timestamptz := clock_timestamp() + $k$60 s$k$::interval;
BEGIN
  LOOP
    BEGIN
      taken_first := NULL;
      FOR relation IN SELECT oid FROM pg_class WHERE relkind IN ($k$r$k$, $k$p$k$) AND relpersistence <> $k$t$k$
        AND relnamespace NOT IN ($k$pg_catalog$k$::regnamespace, $k$information_schema$k$::regnamespace)
        ORDER BY array_position(wanted, oid) NULLS LAST, oid
      LOOP
        IF clock_timestamp() > taken_first + $k$0.5 s$k$::interval THEN RAISE lock_not_available; END IF;
        PERFORM set_config($k$lock_timeout$k$, CASE WHEN taken_first IS NULL THEN $k$10s$k$ ELSE $k$300ms$k$ END, true);
        EXECUTE format($k$LOCK TABLE ONLY %s IN EXCLUSIVE MODE$k$, relation);
        taken_first := coalesce(taken_first, clock_timestamp());
      END LOOP;
      RETURN;
    EXCEPTION WHEN lock_not_available THEN
      IF clock_timestamp() > ends THEN RAISE; END IF;
      wanted := relation::oid || array_remove(wanted, relation::oid);
    END;
    PERFORM pg_sleep(0.1 + 0.2 * random());
  END LOOP;
END $$'

still_held() { for holder in $holders; do kill -0 "$holder" 2>/dev/null || return 1; done; }

# The new version's client, which knows what has changed since the old one. It reaches the socket of the old server, where
# nobody needs a password, through the process they share.
copy() {
  {
    docker run --rm --name "$fresh-dump" --network none --pid "container:$current" --user "$account" --read-only --cap-drop ALL \
      --security-opt no-new-privileges --memory "${memory}m" --log-driver none --entrypoint pg_dumpall "$image" \
      --no-password --host /proc/1/root/run/postgresql --username "$superuser" 2>"$work/dump.log" ||
      echo "exit code $?" >"$work/dump-failed"
  } | sed "0,/^CREATE ROLE $(ask "$current" postgres "SELECT quote_ident(current_user)");\$/{//d}" |
    docker exec --interactive "$fresh" psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$superuser" --dbname postgres \
      --output /dev/null --file - >"$work/restore.log" 2>&1 || {
    tail -n 20 "$work/restore.log" >&2
    runs "$fresh" || stop_here "The new server ended: $(docker inspect --format 'exit code {{.State.ExitCode}}{{if .State.OOMKilled}}, out of memory{{end}}' "$fresh")."
    stop_here "PostgreSQL $wanted does not take over what PostgreSQL $running has; its message is above."
  }
  [ ! -e "$work/dump-failed" ] || {
    cat "$work/dump-failed" "$work/dump.log" >&2
    stop_here "PostgreSQL $running could not be read to the end; its message is above."
  }
  ask "$fresh" postgres "ALTER ROLE CURRENT_USER PASSWORD NULL" >/dev/null
  docker exec "$fresh" vacuumdb --quiet --all --analyze-only --username "$superuser" ||
    stop_here "The new server could not look through its tables."
}

compare() {
  facts "$current" >"$work/old" || stop_here "PostgreSQL $running could not be counted."
  facts "$fresh" >"$work/new" || stop_here "PostgreSQL $wanted could not be counted."
  diff "$work/old" "$work/new" >"$work/differences" || {
    head -n 20 "$work/differences" | sed 's/^/  /' >&2
    stop_here "The copy differs: above, < is PostgreSQL $running and > is PostgreSQL $wanted."
  }
}

# From here on nothing writes to the old volume. The version comes last, as it tells that a volume is complete.
switch() {
  docker stop --time 60 "$fresh" >/dev/null
  [ "$(docker inspect --format '{{.State.ExitCode}}' "$fresh")" = 0 ] || stop_here "The new server did not end well."
  ask "$current" postgres CHECKPOINT >/dev/null
  still_held || stop_here "The old server was interrupted meanwhile."
  # Nobody would go on with the release where nobody listens any more.
  echo "The copy is equal; the servers are switched."
  # At once, for one that ends its sessions in turn lets a writer through when it ends who holds the locks first.
  docker kill --signal QUIT "$current" >/dev/null
  docker wait "$current" >/dev/null
  ! runs "$current" || stop_here "The old server does not stay stopped."
  on_volume "$volume" sh -ec "
    cd $data/unfinished
    echo '$current' >upgraded-from
    for entry in * .[!.]*; do case \$entry in PG_VERSION | '.[!.]*') ;; *) mv \"\$entry\" .. ;; esac; done
    sync
    mv PG_VERSION ..
    rmdir $data/unfinished
    sync" || stop_here "The new volume could not be completed."
}

stop_here() {
  printf '%s\n' "$*" >&2
  exit 1
}

end() {
  trap '' HUP INT TERM PIPE
  exec 3>&-
  docker rm --force --volumes "$fresh" "$fresh-dump" >/dev/null 2>&1
  rm -rf "$work"
  [ -z "${finished:-}" ] || exit 0
  docker start "$current" >/dev/null
  on_volume "$volume" find "$data" -mindepth 1 -delete
  printf '\nThe upgrade of PostgreSQL %s -> %s was given up: PostgreSQL %s runs on with all its data, on the volume %s.\nMend what is said above and deploy again, or take the upgrade out of the configuration.\n' \
    "$running" "$wanted" "$running" "$standing" >&2
  exit "$1"
}

# Runs SQL on a server. $1 = container, $2 = database, $3 = SQL.
ask() {
  docker exec "$1" psql --quiet --no-psqlrc --no-align --tuples-only --set ON_ERROR_STOP=1 --username "$superuser" --dbname "$2" --command "$3"
}

# What must be equal, a line each. $1 = container.
facts() {
  printf '%s\n' "$of_all" | in_database "$1" postgres || return
  while read -r database; do
    printf '%s\n' "$of_database" | in_database "$1" "$database" >"$work/facts" || return
    sed "s/^/$database /" "$work/facts"
  done <<END
$databases
END
}

in_database() {
  docker exec --interactive "$1" psql --quiet --no-psqlrc --no-align --tuples-only --field-separator ' ' --set ON_ERROR_STOP=1 \
    --username "$superuser" --dbname "$2" --file -
}

of_all="
SELECT 'database', datname, pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname;
SELECT 'role', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, md5(rolpassword)
  FROM pg_authid WHERE rolname NOT LIKE 'pg\\_%' AND rolname <> current_user ORDER BY rolname;
SELECT 'member', pg_get_userbyid(roleid), pg_get_userbyid(member) FROM pg_auth_members WHERE roleid >= 16384 ORDER BY 2, 3;
SELECT 'setting', coalesce(datname, ''), coalesce(rolname, ''), setconfig FROM pg_db_role_setting
  LEFT JOIN pg_database ON pg_database.oid = setdatabase LEFT JOIN pg_roles ON pg_roles.oid = setrole ORDER BY 2, 3;"

# Of what an extension brings, its name only: another version of it may bring something else.
of_database="
SET search_path = '';
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET IntervalStyle = 'postgres';
SET bytea_output = 'hex';
SET extra_float_digits = 1;
CREATE TEMPORARY VIEW own AS SELECT c.* FROM pg_catalog.pg_class c
  WHERE relnamespace NOT IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname IN ('pg_catalog', 'information_schema') OR nspname LIKE 'pg\\_toast%' OR nspname LIKE 'pg\\_temp%')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e');
SELECT 'extension', extname, extnamespace::regnamespace FROM pg_catalog.pg_extension ORDER BY extname;
SELECT 'schema', nspname, pg_get_userbyid(nspowner) FROM pg_catalog.pg_namespace WHERE nspname NOT LIKE 'pg\\_%' ORDER BY nspname;
SELECT 'relation', oid::regclass, relkind, pg_get_userbyid(relowner) FROM own ORDER BY oid::regclass::text COLLATE \"C\";
SELECT 'function', p.oid::regprocedure, pg_get_userbyid(proowner) FROM pg_catalog.pg_proc p WHERE pronamespace IN (SELECT relnamespace FROM own UNION SELECT 'public'::regnamespace)
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') ORDER BY p.oid::regprocedure::text COLLATE \"C\";
SELECT 'trigger', tgname, tgrelid::regclass, tgenabled FROM pg_catalog.pg_trigger WHERE NOT tgisinternal ORDER BY tgrelid::regclass::text COLLATE \"C\", tgname;
SELECT 'constraint', conname, conrelid::regclass, convalidated FROM pg_catalog.pg_constraint WHERE conrelid IN (SELECT oid FROM own) AND contype <> 'n' ORDER BY conrelid::regclass::text COLLATE \"C\", conname;
SELECT 'large objects', count(*) FROM pg_catalog.pg_largeobject_metadata;
SELECT format('SELECT ''rows'', %L, count(*), sum(hashtextextended(t::text, 0)::numeric) FROM ONLY %s t', oid::regclass, oid::regclass) FROM own WHERE relkind IN ('r', 'm') ORDER BY oid::regclass::text COLLATE \"C\" \\gexec
SELECT format('SELECT ''sequence'', %L, last_value, is_called FROM %s', oid::regclass, oid::regclass) FROM own WHERE relkind = 'S' ORDER BY oid::regclass::text COLLATE \"C\" \\gexec"
