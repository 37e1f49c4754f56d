# shellcheck shell=sh # follows of-stack.sh
# Tells the nginx of the release before to go: it stops to listen and ends the requests it has. Until then both versions answer, and
# Pulumi takes its container away at the very end only.
# Arguments: ids of the containers that stay.
of_stack docker ps --quiet --no-trunc --filter label=berth.joins | while read -r id; do
  for stays in "$@"; do [ "$id" != "$stays" ] || continue 2; done
  # The signal it is stopped with, so that the engine does not start it again. One that has just ended needs none.
  docker kill --signal QUIT "$id" >/dev/null || true
done
