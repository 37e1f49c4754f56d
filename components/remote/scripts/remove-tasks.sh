# shellcheck shell=sh # follows containers.sh
# Removes the stack's containers of Swarm services that are left on a server which has left the Swarm. They have ended.
main() { of_stack ps --all --quiet --filter is-task=true | xargs -r docker rm --force --volumes >/dev/null; }

main "$@"
