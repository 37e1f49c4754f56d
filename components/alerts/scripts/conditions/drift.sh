# shellcheck shell=sh disable=SC2154 # part of watch.sh
# The containers are those of the release. Each release writes the file `expected` (record-expected.sh).
drift_conditions() {
  [ "$engine" = yes ] && [ -z "$quiet" ] && [ -r "$expected" ] || return 1
  sed -n 's/^container //p' "$expected" >"$work/expected"
  while read -r id name; do
    grep -q "^$id|" "$work/containers" || raise "$name-missing" "$AFTER" "The container $name of the release is missing." "$(repair)"
  done <"$work/expected"
  while IFS='|' read -r id name _ _ status _; do
    [ "$status" != running ] || grep -q "^$id " "$work/expected" ||
      raise "${name#"/$project-$stack-"}-unknown" "$AFTER" "The container ${name#"/$project-$stack-"} runs, but is not part of the release." "$(repair)"
  done <"$work/containers"
}

repair() { printf 'See all differences: %s. To repair them: %s' "$(berth drift)" "$(berth up)"; }
