# shellcheck shell=sh disable=SC2154 # route.sh and leave.sh follow
# Functions for the routes: a file for each stack in the front door's volume, with the names of its site, one a line. Its first line
# names the owner. The front door reads names.map, which is put together from them.

sandbox=berth-door-sandbox

# Changes the routes within the volume, one change at a time. Prints the generation of the names, which differs if they do.
# Arguments: 1 = project, 2 = stack, the rest = the names; none removes the route. Fails, with the owner, if another stack has a name.
change_routes() {
  docker exec --user 0 "$sandbox" flock /srv/door/lock sh -euc "$CHANGE" sh "$@" </dev/null
}

CHANGE='
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
if [ $# = 0 ]; then rm -f "$own"; else printf "%s\n" "$owner" "$@" >.route && mv .route "$own"; fi
: >.names
for file in routes/*; do
  [ ! -f "$file" ] || sed -n "/^[^#]/s|\$| ${file#routes/}.door|p" "$file" >>.names
done
generation=$(cksum <.names | tr -d " ")
echo "=generation $generation" >>.names
cmp -s .names names.map || mv .names names.map
echo "$generation"
'

# Ids of the running front doors: one, or two during a replacement.
doors() { docker ps --quiet --no-trunc --filter "label=$label_door" --filter "label=$label_joins=$sandbox"; }

# Lets the front door read the names again. Its old process completes its connections. $1 = generation.
reload() {
  for door in $(doors); do
    ! says "$door" " $1" || continue
    docker kill --signal USR2 "$door" >/dev/null
    await "$door" " $1" || { echo "The front door does not take its new routes: docker logs $door" >&2 && return 1; }
  done
}

# Succeeds if the front door says a text several times in turn: two share the port during a replacement, and two processes during a reload.
says() {
  docker exec "$1" sh -c 'for _ in 1 2 3 4 5; do case "$(wget -q -T 2 -O - http://127.0.0.1:8404/ 2>/dev/null) " in *"$1 "*) ;; *) exit 1 ;; esac; done' sh "$2" </dev/null
}

await() {
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    ! says "$1" "$2" || return 0
    sleep 0.5
  done
  return 1
}
