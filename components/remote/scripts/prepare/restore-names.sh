# shellcheck shell=sh disable=SC2086,SC2154 # follows engine-answers.sh; $sudo is empty, or two words
# When Docker leaves a Swarm, it forgets the names of all containers in all of its networks, until it starts again. With live-restore,
# containers survive that.
main() {
  [ -n "$($sudo docker ps --quiet)" ] || return 0
  if [ "$($sudo docker info --format '{{.LiveRestoreEnabled}}')" != true ]; then
    say "Containers do not find each other by name until Docker starts again, which stops them without live-restore: systemctl restart docker"
    return 0
  fi
  $sudo systemctl restart docker || fail "Docker does not start again. Read why on the server: journalctl -u docker -n 50"
  answers || fail "Docker does not answer after its restart. Read why on the server: journalctl -u docker -n 50"
}

main "$@"
