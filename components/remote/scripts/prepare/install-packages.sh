# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows apt.sh, which reads $limit; $sudo is empty, or two words
# Installs packages. Arguments: 1 = timeout in seconds, the rest = packages.
main() {
  limit=$1
  shift
  update_lists
  say "Installing $*"
  # Debian 13 and later only recommend the package of the command docker.
  case " $* " in *" docker.io "*) ! apt-cache show docker-cli >/dev/null 2>&1 || set -- "$@" docker-cli ;; esac
  unlocked env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" ||
    fail "The packages $* cannot be installed. apt-get said:
$(excerpt "$output")
To see more, run on the server: sudo apt-get update && sudo apt-get install $*"
}

main "$@"
