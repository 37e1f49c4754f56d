# shellcheck shell=sh disable=SC2154 # follows newest.sh, place.sh and audit-line.sh
# Records a release as an image and in the audit log, and removes the oldest releases.
# Arguments: 1 = <project>-<stack>, 2 = folder of the audit logs, 3 = number of releases to keep, the rest = options of docker import.
# Standard input: output of pack.mts.
main() {
  set -eu
  stack=$1 logs=$2 keep=$3
  shift 3
  read -r origin
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  sources
  number=$(($(releases "$stack" | head -n 1 || true) + 1))
  while IFS='=' read -r key value; do
    [ -z "$key" ] || set -- "$@" --change "LABEL $label_prefix$key=\"$(printf '%s' "$value" | sed 's/[\\"$]/\\&/g')\""
  done <<END
$(origin)
END
  docker import "$@" "$work/sources.tar" "$stack/release:$number" >/dev/null
  audit || true
  echo "Recorded release $number."
  prune || echo "Some old images cannot be removed. The next release retries."
}

# Lines key=value.
origin() { printf '%s' "$origin" | base64 -d; }

audit() {
  action=release
  ! origin | grep -q '^rollback-to=' || action=rollback
  set --
  while read -r pair; do [ -z "$pair" ] || set -- "$@" "$pair"; done <<END
$(origin)
END
  audit_line "$logs" "$stack" "$action" "release=$number" "$@"
}

# Combines the sent files with those that builds received and unchanged files of the newest release; tar fails if a file is in none of
# them. They are in separate folders, as a path may be a file in one and a folder in the other.
sources() {
  mkdir "$work/before" "$work/sent"
  from_newest "$stack" /release | tar --extract --directory="$work/before" 2>/dev/null || true
  tar --extract --gzip --directory="$work/sent"
  add_received
  (cd "$work/sent" && find release ! -type d) | LC_ALL=C sort >"$work/new"
  sed 's,^[^ ]* ,release/,' "$work/sent/release/release.manifest" | LC_ALL=C sort | LC_ALL=C comm -13 "$work/new" - >"$work/same"
  tar --create --file="$work/sources.tar" --directory="$work/sent" --files-from="$work/new"
  tar --append --file="$work/sources.tar" --directory="$work/before" --files-from="$work/same"
}

# Adds files that builds received, by lines of `<image>|<folder in the project>|<path in the context>`.
add_received() {
  list=$work/sent/release/release.received
  [ -f "$list" ] || return 0
  mv "$list" "$work/received"
  cut -d '|' -f 1,2 "$work/received" | sort -u | while IFS='|' read -r image folder; do
    place "$stack" "$image"
    mkdir -p "$work/sent/release/$folder"
    awk -F '|' -v image="$image" -v folder="$folder" '$1 == image && $2 == folder { print "./" $3 }' "$work/received" >"$work/paths"
    tar --create --file="$work/part.tar" --directory="$store/context" --files-from="$work/paths"
    tar --extract --file="$work/part.tar" --directory="$work/sent/release/$folder"
  done
}

prune() {
  for old in $(releases "$stack" | tail -n "+$((keep + 1))"); do docker image rm "$stack/release:$old" >/dev/null; done
  needed=$(kept_images && used_images) || return 1
  own_images "$stack" | while read -r id reference; do
    printf '%s\n' "$needed" | grep -qxF "$id" || docker image rm "$reference" >/dev/null || exit 1
  done
}

# Ids of the release images that are kept, and of the images that they use. Some may have been removed by hand.
# shellcheck disable=SC2046,SC2086 # one id a word
kept_images() {
  named=$(docker image inspect --format "{{.Id}} {{index .Config.Labels \"$label_images\"}}" $(releases "$stack" | sed "s,^,$stack/release:,")) || return 1
  docker image inspect --format '{{.Id}}' $(printf '%s\n' $named | sed 's/^[^=]*=//') 2>/dev/null || true
}

main "$@"
