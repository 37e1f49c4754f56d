# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Restores a backup into the running stack. What is restored stands beside what is in use until all of it is there and right;
# then the two are exchanged, and back again when the stack does not start with it.
# Arguments: 1 = where the backup is (local or offsite), 2 = its id, 3 = yes for a safety backup before, or no, 4 = names of the
# containers there should be.
main() {
  where=$1 snapshot=$2 safety=$3 expected=$4 began=$(date +%s)
  # It comes to its end, or takes back what it did, when nobody is there any more to read what it says.
  trap '' HUP PIPE
  backups=$(of_stack ps --quiet --filter label=berth.backups=true | head -n 1)
  [ -n "$backups" ] || no_container "running container of backups"
  image=$(docker inspect --format '{{.Image}}' "$backups")
  databases=$(docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$backups" | sed -n 's/^DATABASES=//p')
  volumes=$(docker inspect --format '{{range .Mounts}}{{println .Destination .Name}}{{end}}' "$backups" | sed -n 's|^/backup/files/||p')
  contents=$(kept contents "$where" "$snapshot") || fail "The backup cannot be read."
  work=$(mktemp -d)
  writers=$(writers)
  say "Stopping what writes: $(names "$writers")"
  stopped=$(date +%s)
  # shellcheck disable=SC2086 # one id a word
  [ -z "$writers" ] || docker stop --time 60 $writers >/dev/null || leave "It cannot be stopped."
  mend || leave "What a restore before has left could not be put in order."
  keep_to_contents
  if [ "$safety" = yes ]; then
    say "Taking a backup of what is there now"
    kept before-restore || give_up "It failed. To restore without one: SAFETY=no"
  fi
  say "Restoring $snapshot beside it"
  each_database restore_database || give_up "The database could not be restored."
  each_volume unpack || give_up "The files could not be restored."
  say "Exchanging the two"
  exchange || take_back "They could not be exchanged."
  say "Starting the stack with what was restored"
  run_jobs || take_back "A job of the stack failed."
  start "$writers" || take_back "The stack does not run with it."
  reopen_files
  now=$(date +%s)
  each_database drop_database _before
  each_volume clear_files
  rm -rf "$work"
  [ "$where" = local ] || kept adopt || say "The off-site backups could not be taken over: make backup OFFSITE=adopt"
  say "Restored $snapshot in $((now - began)) s; the stack was away for $((now - stopped)) s$(against_rto $((now - stopped)))."
  kept backup scheduled || say "It runs, but a first backup of it failed: make status says why."
}

exchange() {
  each_database exchange_database "" _before && each_database exchange_database _restoring "" && each_volume exchange_files
}

# How long a stack may be away, in seconds: docs/backups.md.
RTO=14400

# $1 = seconds it was away.
against_rto() {
  if [ "$1" -le "$RTO" ]; then echo ", of $((RTO / 3600)) h it may be"; else echo ", LONGER THAN THE $((RTO / 3600)) h IT MAY BE"; fi
}

# A restore that was broken off before the end of the exchange is taken back as a whole; of one that came further, what was put
# aside is cleared away.
mend() {
  left=$(each_database left_in_database && each_volume left_in_volume) || return 1
  case "$left " in
    " ") return 0 ;;
    *"(missing)"* | *_restoring* | *-restoring* | *-leaving*)
      say "Taking back what a restore before has left half done"
      each_database put_back && each_volume put_back_files
      ;;
    *) each_database drop_database _before && each_volume clear_files ;;
  esac
}

# From here on, each_database and each_volume are about those the backup has.
keep_to_contents() {
  databases=$(for words in $databases; do ! has "databases/${words%%:*}" || printf '%s ' "$words"; done)
  volumes=$(printf '%s\n' "$volumes" | while read -r name volume; do ! has "files/$name" || echo "$name $volume"; done)
}

has() { printf '%s\n' "$contents" | grep -qx "/$1"; }

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$1 Nothing was changed."
  exit 1
}

# Before anything is put beside what is in use.
leave() {
  start "$writers"
  rm -rf "$work"
  fail "$1"
}

# Before the exchange: what was in use is as it was.
give_up() {
  each_database drop_database _restoring
  each_volume clear_files
  start "$writers"
  rm -rf "$work"
  say "$1 Nothing was changed; the stack runs again."
  exit 1
}

# After it: back, as far as it got.
take_back() {
  say "$1 Taking it back."
  # shellcheck disable=SC2086 # one id a word
  [ -z "$writers" ] || docker stop --time 60 $writers >/dev/null
  each_database put_back
  each_volume put_back_files
  start "$writers"
  reopen_files
  rm -rf "$work"
  say "$1 What was there before is there again; the stack runs with it."
  exit 1
}

kept() { docker exec --interactive "$backups" sh /opt/berth/backups.sh "$@" </dev/null; }

names() {
  [ -n "$1" ] || return 0
  # shellcheck disable=SC2086 # one id a word
  docker inspect --format '{{.Name}}' $1 | sed "s|^/$project-$stack-||" | paste -s -d ' ' -
}

# Whoever shares a network with a database and keeps no data itself, or writes to a volume with files; newest first. Also those
# which a restore that was broken off has stopped.
writers() {
  {
    for words in $databases; do
      for network in $(docker inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{println $name}}{{end}}' "$(server_of "$words")"); do
        running_services --filter "network=$network"
      done
    done
    printf '%s\n' "$volumes" | while read -r _ volume; do
      for id in $(running_services --filter "volume=$volume"); do
        [ "$(docker inspect --format "{{range .Mounts}}{{if eq .Name \"$volume\"}}{{.RW}}{{end}}{{end}}" "$id")" != true ] || echo "$id"
      done
    done
  } | sort -u >"$work/writing"
  for words in $databases; do server_of "$words"; done >"$work/apart"
  { echo "$backups" && running_services --filter label=berth.store=true; } >>"$work/apart"
  for id in $(running_services); do
    ! grep -qx "$id" "$work/writing" || grep -qx "$id" "$work/apart" || echo "$id"
  done
}

# Ids of those that run, or should run all the time. Arguments: filters.
running_services() {
  of_stack ps --all --format '{{.State}} {{.ID}} {{.Names}}' "$@" | while read -r state id name; do
    case "$state $expected " in running* | *" $name "*) ;; *) continue ;; esac
    [ "$(docker inspect --format '{{.HostConfig.RestartPolicy.Name}}' "$id")" = no ] || echo "$id"
  done
}

# Oldest first, each well before the next.
start() {
  for id in $(printf '%s\n' "$1" | tac); do
    docker start "$id" >/dev/null && await "$id" || return 1
  done
}

# nginx was not stopped, and would give out for up to a minute what it has open (open_file_cache). After a loss of power it may not
# have come up without what was stopped; the engine tries that less and less often.
reopen_files() {
  for id in $(running_services --filter label=berth.joins); do
    case $(docker inspect --format '{{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}' "$id") in
      "running healthy") docker kill --signal HUP "$id" >/dev/null || true ;;
      *) docker restart "$id" >/dev/null && await "$id" || true ;;
    esac
  done
}

await() {
  for _ in $(seq 1 240); do
    case $(docker inspect --format '{{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}' "$1") in
      "running healthy" | "running ") return 0 ;;
      "running "*)
        ! answers "$1" || return 0
        sleep 0.2
        ;;
      *) break ;;
    esac
  done
  say "$(names "$1") is not well:"
  docker logs --tail 20 "$1" 2>&1 | sed 's/^/  | /' >&2
  return 1
}

# Its health check, asked directly: the engine's own comes only after many seconds. One that spans lines is left to the engine.
answers() (
  id=$1
  docker inspect --format '{{len .Config.Healthcheck.Test}}{{range .Config.Healthcheck.Test}}{{println}}{{.}}{{end}}' "$id" >"$work/check"
  set --
  {
    read -r count
    while IFS= read -r word || [ -n "$word" ]; do set -- "$@" "$word"; done
  } <"$work/check"
  [ "$# $1" = "$count CMD" ] && shift && timeout 10 docker exec "$id" "$@" >/dev/null 2>&1 </dev/null
)

# Migrations, for one: the backup may be older than the code.
run_jobs() {
  for id in $(of_stack ps --all --quiet --filter status=exited | tac); do
    [ "$(docker inspect --format '{{.HostConfig.RestartPolicy.Name}}' "$id")" = no ] || continue
    docker start --attach "$id" >"$work/job" 2>&1 || {
      say "$(names "$id") failed:"
      tail -n 20 "$work/job" | sed 's/^/  | /' >&2
      return 1
    }
  done
}

# Databases: words of the form service:database:role.

server_of() { of_stack ps --quiet --filter "label=berth.service=${1%%:*}" | head -n 1; }

each_database() {
  for words in $databases; do
    service=${words%%:*} name=${words#*:} server=$(server_of "$words")
    name=${name%%:*}
    "$@" || return 1
  done
}

# SQL on standard input, as the superuser. $1 = database, the rest = variables.
sql() {
  on=$1
  shift
  # shellcheck disable=SC2016 # for the container's shell
  docker exec --interactive "$server" sh -c 'on=$1; shift; exec psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$on" "$@" --file -' sh "$on" "$@"
}

restore_database() {
  sql postgres --set "name=$name" --set "new=${name}_restoring" <<'SQL' || return 1
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L', :'new', pg_get_userbyid(datdba),
    pg_encoding_to_char(encoding), datcollate, datctype) FROM pg_database WHERE datname = :'name' \gexec
REVOKE ALL ON DATABASE :"new" FROM PUBLIC;
SELECT format('GRANT %s ON DATABASE %I TO %I', privilege_type, :'new', rolname)
  FROM pg_database, aclexplode(datacl) AS granted JOIN pg_roles ON pg_roles.oid = grantee WHERE datname = :'name' \gexec
SQL
  owner=$(echo "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = :'name'" | sql postgres --set "name=$name" --tuples-only --no-align)
  dump | in_server pg_restore --list >"$work/list" || return 1
  # Extensions belong to the superuser, all else to the owner.
  if grep ' EXTENSION - ' "$work/list" | grep -v COMMENT >"$work/extensions"; then
    brought extensions && dump | in_server pg_restore --exit-on-error --dbname "${name}_restoring" --use-list /tmp/extensions || return 1
  fi
  grep -v ' EXTENSION ' "$work/list" >"$work/others"
  brought others && dump | in_server pg_restore --exit-on-error --no-owner --no-privileges --role "$owner" --dbname "${name}_restoring" --use-list /tmp/others || return 1
  same_facts
}

dump() { kept dump "$where" "$snapshot" "/databases/$service/dump"; }

# shellcheck disable=SC2016 # for the container's shell
in_server() { docker exec --interactive "$server" sh -c 'PGUSER=$POSTGRES_USER exec "$@"' sh "$@"; }

brought() { docker exec --interactive "$server" sh -c "cat >/tmp/$1" <"$work/$1"; }

# Rows of each table, and which migrations it has.
same_facts() {
  docker exec "$backups" cat /opt/berth/facts.sql | sql "${name}_restoring" >"$work/restored" || return 1
  kept dump "$where" "$snapshot" "/databases/$service/facts" >"$work/dumped" || return 1
  diff "$work/dumped" "$work/restored" >&2 || {
    say "The restored database is not the one that was dumped (< dumped, > restored)."
    return 1
  }
}

# exchange_database FROM TO: ends of the names.
exchange_database() {
  sql postgres --set "old=$name$1" --set "new=$name$2" --output /dev/null <<'SQL'
ALTER DATABASE :"old" ALLOW_CONNECTIONS false;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :'old';
ALTER DATABASE :"old" RENAME TO :"new";
ALTER DATABASE :"new" ALLOW_CONNECTIONS true;
SQL
}

there_is() { [ "$(echo "SELECT 1 FROM pg_database WHERE datname = :'name'" | sql postgres --set "name=$name$1" --tuples-only --no-align)" = 1 ]; }

put_back() {
  ! there_is _before || { ! there_is "" || drop_database "" && exchange_database _before ""; }
  drop_database _restoring
}

# Names of what a restore has left, and that the one in use is missing.
left_in_database() {
  sql postgres --set "name=$name" --tuples-only --no-align <<'SQL'
SELECT datname FROM pg_database WHERE datname IN (:'name' || '_before', :'name' || '_restoring')
UNION ALL SELECT '(missing)' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name');
SQL
}

drop_database() { echo 'DROP DATABASE IF EXISTS :"name" WITH (FORCE);' | sql postgres --set "name=$name$1" --set VERBOSITY=terse 2>/dev/null; }

# Volumes: lines of the form name volume.

each_volume() {
  printf '%s\n' "$volumes" >"$work/volumes"
  while read -r name volume <&3; do
    [ -z "$name" ] || "$@" || return 1
  done 3<"$work/volumes"
}

# A shell script in a container that has nothing but the volume. $1 = script.
in_volume() {
  docker run --rm --interactive --network none --read-only --user 0:0 --cap-drop ALL --cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add FOWNER \
    --security-opt no-new-privileges --memory 256m --pids-limit 50 --volume "$volume:/to" --entrypoint sh "$image" -euc "cd /to; $1"
}

unpack() {
  in_volume "mkdir -m 700 .berth-restoring" </dev/null || return 1
  rm -f "$work/failed"
  { kept dump "$where" "$snapshot" "/files/$name/" || touch "$work/failed"; } |
    in_volume "tar -x -p --numeric-owner -C .berth-restoring" && [ ! -e "$work/failed" ]
}

# shellcheck disable=SC2016 # for the container's shell
MOVE='move() { find "$1" -mindepth 1 -maxdepth 1 ! -name ".berth-*" -exec sh -c "for file; do mv \"\$file\" \"\$0\" || exit; done" "$2" {} +; }'

# While a part of them is in .berth-leaving, only what was in use is outside; with .berth-before, only what was restored. So it can
# be told how far an exchange came that was broken off, and each of these steps can be made again.
exchange_files() {
  in_volume "$MOVE; mkdir -m 700 .berth-leaving; move . .berth-leaving; mv .berth-leaving .berth-before; move .berth-restoring .; rmdir .berth-restoring" </dev/null
}

put_back_files() {
  in_volume "$MOVE
    if [ -d .berth-before ]; then mkdir -p .berth-restoring; move . .berth-restoring; mv .berth-before .berth-leaving; fi
    if [ -d .berth-leaving ]; then move .berth-leaving .; rmdir .berth-leaving; fi
    rm -rf .berth-restoring" </dev/null
}

clear_files() { in_volume "rm -rf .berth-restoring .berth-before" </dev/null; }

left_in_volume() { in_volume "ls -A | grep '^[.]berth-' || true" </dev/null; }

main "$@"
