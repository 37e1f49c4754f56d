# shellcheck shell=sh disable=SC2154 # part of watch.sh
# Last good backup, off-site copy and last proven restore, as the backup container judges them.
backups_conditions() {
  [ "$engine" = yes ] && due backups 600 || return 1
  answer=$(backups | sed -n 's/^backups //p')
  # A release may just replace the container; that of a stopped one is a condition of the containers.
  [ -n "$answer" ] || return 1
  said=$(printf '%s' "${answer#* }" | base64 -d)
  case $answer in
    "0 "*) return 0 ;;
    *) printf '%s\n' "$said" | grep -q '^Not well:' || { rm -f "$here/checked/backups" && return 1; } ;;
  esac
  # The kind archive reports the lines of point-in-time recovery.
  printf '%s\n' "$said" | sed '1,/^Not well:/d; /^ *Point-in-time: /d; s/^ *//; s/ [0-9][0-9]* [a-z]* ago: .*/./' >"$work/problems"
  while read -r problem; do
    raise "$problem" 0 "Backups: $problem" "Read the reason: $(berth status) and $(berth logs backups). Then take one, or prove a restore: $(berth backup), $(berth restore-drill)"
  done <"$work/problems"
}
