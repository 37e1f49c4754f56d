# shellcheck shell=sh disable=SC2154 # follows place.sh
# Updates the sources of an image from standard input: an archive of what is missing or different.
# $1 = fingerprint of the result, $2 = paths to remove, in base64.
receive() {
  # In an image, everybody may read the files.
  umask 022
  mkdir -p "$store/context"
  chmod 755 "$store/context"
  # A killed deployment may still build from the folder.
  if command -v flock >/dev/null; then
    exec 9>"$store/lock"
    flock --nonblock 9 || {
      echo "Ending a build of this image by a deployment that was interrupted." >&2
      kill "$(cat "$store/client")" 2>/dev/null || true
      flock 9
    }
  fi
  decoded "$2" | (cd "$store/context" && while IFS= read -r path; do rm -f -- "$path"; done)
  find "$store/context" -type l -delete
  find "$store/context" -mindepth 1 -type d -empty -delete
  # With the time of now, as BuildKit looks for changes by time and size.
  tar -x -z -m -p -C "$store/context" -f - || return 1
  [ "$(listing | $sha256 | cut -d ' ' -f 1)" = "$1" ] || {
    rm -rf "$store/context"
    echo "The sources that were sent are not complete. Deploy again." >&2
    return 1
  }
}

decoded() { [ "$1" = - ] || printf '%s' "$1" | base64 -d; }

