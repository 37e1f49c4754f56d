# shellcheck shell=sh disable=SC2086,SC2154 # follows step.sh; $sudo is empty, or two words
# Adds the account to the group docker. gpasswd can also add an account that is not in /etc/passwd (LDAP, OS Login).
main() {
  # A step that runs through sudo as a whole knows the account from there.
  account=${SUDO_USER:-$(id -un)}
  [ "$account" != root ] || return 0
  ! id -Gn "$account" | tr ' ' '\n' | grep -qx docker || return 0
  say "Adding $account to the group docker"
  said=$($sudo gpasswd --add "$account" docker 2>&1) || fail "The account $account cannot be added to the group docker: $(excerpt "$said")
Add it where the group is kept, or deploy with a local account: adduser deploy, with sudo and your key."
}

main "$@" </dev/null
