# shellcheck shell=sh disable=SC2154,SC2034 # part of restore.sh
# Restores volumes. The variable volumes has lines of the form name volume.

each_volume() {
  printf '%s\n' "$volumes" >"$work/volumes"
  while read -r name volume <&3; do
    [ -z "$name" ] || "$@" || return 1
  done 3<"$work/volumes"
}

# Runs a shell script in a container that has only the volume. $1 = script.
in_volume() {
  docker run --rm --interactive --network none --read-only --user 0:0 --cap-drop ALL --cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add FOWNER \
    --security-opt no-new-privileges --memory 256m --pids-limit 50 --volume "$volume:/to" --entrypoint sh "$image" -euc "cd /to; $1"
}

unpack() {
  in_volume "mkdir -m 700 .berth-restoring" </dev/null || return 1
  rm -f "$work/failed"
  { source_sh dump "$where" "$snapshot" "/files/$name/" || touch "$work/failed"; } |
    in_volume "tar -x -p --numeric-owner -C .berth-restoring" && [ ! -e "$work/failed" ]
}

# shellcheck disable=SC2016 # for the container's shell
MOVE='move() { find "$1" -mindepth 1 -maxdepth 1 ! -name ".berth-*" -exec sh -c "for file; do mv \"\$file\" \"\$0\" || exit; done" "$2" {} +; }'

# If .berth-leaving exists, files outside of it are in use; if .berth-before exists, files outside of it are restored ones. So the
# progress of an interrupted exchange can be determined, and each step can be repeated.
exchange_files() {
  in_volume "$MOVE; mkdir -m 700 .berth-leaving; move . .berth-leaving; mv .berth-leaving .berth-before; move .berth-restoring .; rmdir .berth-restoring" </dev/null
}

put_back_files() {
  in_volume "$MOVE
    if [ -d .berth-before ]; then mkdir -p .berth-restoring; move . .berth-restoring; mv .berth-before .berth-leaving; fi
    if [ -d .berth-leaving ]; then move .berth-leaving .; rmdir .berth-leaving; fi
    rm -rf .berth-restoring" </dev/null
}

clear_files() { in_volume "rm -rf .berth-restoring .berth-before" </dev/null; }

left_in_volume() { in_volume "ls -A | grep '^[.]berth-' || true" </dev/null; }
