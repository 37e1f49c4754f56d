#!/bin/sh
# Prints a line that says where the sources here come from (base64 of lines key=value), and after it the sources as a tar
# archive. Standard input: the files, a line each. Standing beside an earlier release, release.origin knows better than git.
set -eu

origin() {
  if [ -e release.origin ]; then
    grep -v '^image\.' release.origin
  elif commit=$(git rev-parse --verify --quiet HEAD 2>/dev/null); then
    echo "commit=$commit"
    echo "subject=$(git log -1 --format=%s)"
    [ -z "$(git status --porcelain -- .)" ] || echo "edited=true"
  fi
}

origin | base64 | tr -d '\n'
echo
exec tar --create --gzip --transform='s,^,release/,' --files-from=-
