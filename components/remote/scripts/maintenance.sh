# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Turns the maintenance page of a stack on or off, through the volume that its nginx reads.
# Arguments: on, seconds for Retry-After, then page as HTML, page as JSON and description, each in base64, then addresses that pass; or off.
main() {
  nginx=$(of_stack ps --quiet --filter "label=$label_health_path" | head -n 1)
  [ -n "$nginx" ] || no_container "running nginx"
  volume=$(docker inspect --format '{{range .Mounts}}{{if eq .Destination "/srv/maintenance"}}{{.Name}}{{end}}{{end}}' "$nginx")
  [ -n "$volume" ] || {
    echo "The running nginx of the stack $stack has no maintenance page, as an earlier version of Berth released it. Release it once: npx berth up --stack $stack" >&2
    exit 1
  }
  # nginx itself cannot write to the volume.
  docker run --rm --pull never --network none --cap-drop ALL --security-opt no-new-privileges --read-only --user 0:0 --entrypoint sh \
    --volume "$volume:/srv/maintenance" --workdir /srv/maintenance "$(docker inspect --format '{{.Image}}' "$nginx")" -euc "$script" sh "$@"
}

# shellcheck disable=SC2016 # the container's shell expands them
script='
umask 022
if [ "$1" = off ]; then
  rm -f on
  rm -rf allow page [0-9]*
  exit
fi
shift
mkdir -p "$1" allow
printf %s "$2" | base64 -d >"$1/page.html"
printf %s "$3" | base64 -d >"$1/page.json"
printf %s "$4" | base64 -d >new
seconds=$1
shift 4
for file in allow/*; do
  case " $* " in *" ${file#allow/} "*) ;; *) rm -f "$file" ;; esac
done
for address; do : >"allow/$address"; done
ln -sfn "$seconds" page
mv -f new on
for folder in [0-9]*; do [ "$folder" = "$seconds" ] || rm -rf "$folder"; done
'

main "$@"
