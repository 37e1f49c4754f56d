#!/bin/sh
# Prints a line that says where the sources here come from (base64 of lines key=value), and after it, as a tar archive, the
# sources the server does not have and the manifest of all. Standard input: the manifest of what the server has (known.sh), an
# empty line, the manifest of what stands here. Standing beside an earlier release, release.origin knows better than git.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

origin() {
  if [ -e release.origin ]; then
    grep -v '^image\.' release.origin
  elif commit=$(git rev-parse --verify --quiet HEAD 2>/dev/null); then
    echo "commit=$commit"
    echo "subject=$(git log -1 --format=%s)"
    [ -z "$(git status --porcelain -- .)" ] || echo "edited=true"
  fi
}

touch "$work/changed"
awk -v all="$work/release.manifest" -v changed="$work/changed" '
  !here && $0 == "" { here = 1; next }
  !here { known[$0]; next }
  { print > all }
  !($0 in known) { print substr($0, index($0, " ") + 1) > changed }'

origin | base64 | tr -d '\n'
echo
tar --create --gzip --transform='s,^,release/,S' --files-from="$work/changed" --directory="$work" release.manifest
