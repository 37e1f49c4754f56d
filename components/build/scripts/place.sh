# shellcheck shell=sh disable=SC2034 # for the scripts that follow
# A builder keeps the sources of its images between builds in a folder of the account, so that only changes are sent. It may be deleted.

# Sets the folder of an image. $1 = <project>-<stack>, $2 = image.
place() {
  store=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/berth/$1/$2
  command -v sha256sum >/dev/null && sha256=sha256sum || sha256="shasum -a 256"
}

# Lists the files of the folder, as listing.ts does: mode, fingerprint and path. Arguments: conditions of find. Default: all files.
listing() {
  [ -d "$store/context" ] || return 0
  (
    cd "$store/context" || exit
    list -perm -100 "$@" | sed 's/^/755 /'
    list ! -perm -100 "$@" | sed 's/^/644 /'
  ) | sed 's,^\([0-9]*\) \(\\\{0\,1\}\)\([0-9a-f]\{16\}\)[0-9a-f]*  \./,\1 \3 \2,' | LC_ALL=C sort
}

# shellcheck disable=SC2086 # a program and its options
list() { find . -type f "$@" -exec $sha256 {} +; }

