# shellcheck shell=sh disable=SC2154 # follows newest.sh and place.sh
# Prints what need not be sent: the manifest of the newest release, lines of `<fingerprint> <file>`, and the files that builds have
# received since, lines of `built <image> <mode> <fingerprint> <path>`.
# Arguments: 1 = <project>-<stack>.
main() {
  from_newest "$1" /release/release.manifest 2>/dev/null | tar --extract --to-stdout 2>/dev/null || true
  newest=$(releases "$1" | head -n 1)
  since=$(docker image inspect --format '{{.Created}}' "$1/release:$newest" 2>/dev/null) || since=1970-01-01
  place "$1" ""
  for folder in "$store"*; do
    store=$folder
    listing -newermt "$since" | sed "s|^|built ${folder##*/} |"
  done
}

main "$@"
