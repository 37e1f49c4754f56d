# shellcheck shell=sh disable=SC2016,SC2154 # programs for other shells; route.sh, leave.sh and close.sh follow
# Functions for the routes: a file for each stack in the front door's volume, with the names of its site, one a line. Its first line
# names the owner. The front door reads names.map, which is put together from them.

sandbox=berth-door-sandbox

# Changes the routes within the volume, one change at a time. Prints the generation of the names, which differs if they do.
# Arguments: 1 = project, 2 = stack, the rest = the names; none removes the route. Fails, with the owner, if another stack has a name.
change_routes() {
  docker exec --user 0 "$sandbox" flock /srv/door/lock sh -euc "$FREE$CHANGE" sh "$@" </dev/null
}

# Fails, with the owner, if another stack has a name. Arguments as of change_routes.
names_are_free() {
  ! is_running "$sandbox" || docker exec --user 0 "$sandbox" sh -euc "$FREE" sh "$@" </dev/null
}

is_running() { [ "$(docker inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }

FREE='
cd /srv/door && umask 022 && mkdir -p routes no-certificates
own=routes/$1-$2 owner="# $1 $2"
shift 2
for name; do
  for file in routes/*; do
    [ "$file" != "$own" ] && grep -qxF -e "$name" "$file" 2>/dev/null || continue
    read -r _ project stack <"$file"
    echo "The name $name belongs to the site of the stack $stack of $project. Remove it there first, or choose another name." >&2
    exit 1
  done
done
'
CHANGE='
if [ $# = 0 ]; then rm -f "$own"; else printf "%s\n" "$owner" "$@" >.route && mv .route "$own"; fi
: >.names
for file in routes/*; do
  [ ! -f "$file" ] || sed -n "/^[^#]/s|\$| ${file#routes/}.door|p" "$file" >>.names
done
generation=$(cksum <.names | tr -d " ")
mv .names names.map
echo "generation $generation" >.generation && mv .generation generation.map
echo "$generation"
'

# Ids of the running front doors, the newest first; replaced ones complete their connections.
doors() { docker ps --quiet --no-trunc --filter "label=$label_door" --filter "label=$label_joins=$sandbox"; }

# Lets the front door read the names again. Its old process completes its connections. A replaced one would open its ports again, so
# only the newest gets the signal. $1 = generation.
reload() {
  door=$(doors | head -n 1)
  [ -n "$door" ] && ! always_says "$door" " $1" || return 0
  # Not by `docker kill`: after it, the engine takes the container for one that was stopped, and a reboot would not start it.
  docker exec "$door" sh -c "kill -USR2 1" </dev/null
  await always_says "$door" " $1" || { echo "The front door does not take its new routes: docker logs $door" >&2 && return 1; }
}

# Two processes answer for a moment after a reload, and two front doors during a replacement.
# $1 = container, $2 = end of the answer, or its beginning.
always_says() { asked "$1" "$2" '! grep -qvF -e "$1"'; }
sometimes_says() { asked "$1" "$2" 'grep -qF -e "$1"'; }

asked() {
  docker exec "$1" sh -c "for _ in 1 2 3 4 5 6 7 8; do wget -q -T 2 -O - http://127.0.0.1:8404/ || echo; done 2>/dev/null | sed 's/\$/ /' | { $3; }" sh "$2 " </dev/null
}

await() {
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    ! "$@" || return 0
    sleep 0.5
  done
  return 1
}
