# shellcheck shell=sh disable=SC2154 # part of drill.sh
# Restores the files of a backup into a folder, and compares them with the files in use.

# A file whose size and time are unchanged since the backup must be the same, byte for byte. Lists of files have one a line, so a file with
# a line break in its path is restored and not compared.
line_break='
'
compare_files() {
  [ -d /backup/files ] || return 0
  unpack_snapshot "$drilled:/files" "$stage/files" || return 1
  check_missing_files || return 1
  restored=0 equal=0
  find "$stage/files" -type f ! -path "*$line_break*" >/work/restored
  while IFS= read -r file; do
    restored=$((restored + 1))
    now=/backup/files${file#"$stage/files"}
    unchanged "$file" "$now" || continue
    [ "$(sha256sum <"$file")" = "$(sha256sum <"$now")" ] || {
      echo "The file $now differs from the backup, though its size and time are the same."
      return 1
    }
    equal=$((equal + 1))
  done </work/restored
  echo "files: $restored restored, $equal equal to those in use, $((restored - equal)) changed since"
}

# Every file in use that existed at the time of the backup must be in it.
check_missing_files() {
  touch -d "@$taken" "$stage/taken"
  find /backup/files -name '.berth-*' -prune -o -type f ! -newer "$stage/taken" ! -path "*$line_break*" -print >/work/present
  while IFS= read -r file; do
    if [ ! -e "$stage/files${file#/backup/files}" ] && existed_at_backup "$file"; then
      echo "The file $file is not in the backup, though it is older."
      return 1
    fi
  done </work/present
}

# existed_at_backup FILE: succeeds if it existed under this name at the time of the backup. A volume that the backup does not have may be newer,
# as this container may have been created with it.
existed_at_backup() {
  volume=${1#/backup/files/}
  [ -e "$stage/files/${volume%%/*}" ] || [ "$stage/taken" -nt /tmp/ready ] || return 1
  older %Z "$1" || return 1
  folder=${1%/*}
  while [ "${folder%/*}" != /backup/files ] && [ "$folder" != /backup/files ]; do
    ! renamed "$folder" || return 1
    folder=${folder%/*}
  done
}

# renamed FOLDER: succeeds if it was renamed since the backup. That changes its status time (%Z), not its modification time (%Y).
renamed() { ! older %Z "$1" && { [ ! -e "$stage/files${1#/backup/files}" ] || older %Y "$1"; }; }

# older FORMAT PATH: succeeds if the time is before the backup. Fails if the file no longer exists.
older() { time=$(stat -c "$1" "$2" 2>/dev/null) && [ "$time" -lt "$taken" ]; }

# unchanged RESTORED IN-USE: succeeds if size and time are equal. A tar archive rounds times to whole seconds.
unchanged() {
  [ "$(stat -c %s "$1")" = "$(stat -c %s "$2" 2>/dev/null)" ] || return 1
  apart=$(($(stat -c %Y "$1") - $(stat -c %Y "$2")))
  [ "$apart" = 0 ] || [ "$apart" = 1 ]
}

# unpack_snapshot SNAPSHOT FOLDER
unpack_snapshot() {
  rm -f /tmp/failed
  { without_lock local dump "$1" / --archive tar || touch /tmp/failed; } | tar -x -o -C "$2" || return 1
  [ ! -e /tmp/failed ]
}
