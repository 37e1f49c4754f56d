#!/bin/sh
# Writes a release down as an image, and lets go of those too old to be kept.
# Arguments: 1 = <project>-<stack>, 2 = how many releases to keep, the rest = words of docker import.
# Standard input: what pack.sh prints.
main() {
  set -eu
  stack=$1 keep=$2
  shift 2
  number=$(($(releases | head -n 1 || true) + 1))
  read -r origin
  while IFS='=' read -r key value; do
    [ -z "$key" ] || set -- "$@" --change "LABEL berth.$key=\"$(printf '%s' "$value" | sed 's/[\\"$]/\\&/g')\""
  done <<END
$(printf '%s' "$origin" | base64 -d)
END
  docker import "$@" - "$stack/release:$number" >/dev/null
  echo "This is release $number." >&2
  prune || echo "Old images could not all be removed; the next release tries again." >&2
}

# Numbers, the newest first.
releases() { docker image ls --format '{{.Tag}}' "$stack/release" | sort -rn; }

prune() {
  for old in $(releases | tail -n "+$((keep + 1))"); do docker image rm "$stack/release:$old" >/dev/null; done
  needed=$({ kept_images; used_images; } | sort -u)
  own_images | while read -r id reference; do
    printf '%s\n' "$needed" | grep -qxF "$id" || docker image rm "$reference" >/dev/null || exit 1
  done
}

# Ids of the images of the releases that stay.
kept_images() {
  for one in $(releases); do
    for image in $(docker image inspect --format '{{index .Config.Labels "berth.images"}}' "$stack/release:$one"); do
      docker image inspect --format '{{.Id}}' "${image#*=}" 2>/dev/null || true
    done
    docker image inspect --format '{{.Id}}' "$stack/release:$one"
  done
}

# Ids of the images of all containers, running or not.
used_images() { docker ps --all --quiet --no-trunc | xargs -r docker inspect --format '{{.Image}}'; }

# Id and reference of each image of this stack, built on the server or pulled from a registry. Others have other names.
own_images() {
  docker image ls --no-trunc --digests --format '{{.ID}} {{.Repository}} {{.Tag}} {{.Digest}}' |
    while read -r id repository tag digest; do
      case $repository in "$stack"/* | */"$stack"/*) ;; *) continue ;; esac
      if [ "$tag" = "<none>" ]; then echo "$id $repository@$digest"; else echo "$id $repository:$tag"; fi
    done
}

main "$@"
