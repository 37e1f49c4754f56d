#!/bin/sh
# Makes sure that a stack with a new state does not meet containers of an earlier one, which its state would know.
# Arguments: 1 = project, 2 = stack, 3 = the stack to build anew, or nothing.
set -eu
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2 rebuild=$3

containers=$(of_stack ps --all --quiet)
[ -n "$containers" ] || exit 0
if [ "$rebuild" != "$stack" ]; then
  {
    printf '\nThe stack %s stands here already, but the state that knows it does not:\n' "$stack"
    of_stack ps --all --quiet --no-trunc | xargs docker inspect --format '  {{.Name}}, {{.State.Status}} since {{.State.StartedAt}}'
    printf 'Nothing was changed. If a colleague deploys it, use the same state: PULUMI_BACKEND_URL, see README, "As a team".\n'
    printf 'If the state is lost: pulumi config set rebuild %s. The next up then takes these containers away and builds the\n' "$stack"
    printf 'stack anew on its volumes. The data stays; the site is away for a minute or so, and generated passwords are new.\n'
  } >&2
  exit 1
fi
echo "Taking away what stands of the stack $stack, but for its volumes."
# shellcheck disable=SC2086 # one id a word
docker stop --time 30 $containers >/dev/null
# shellcheck disable=SC2086 # one id a word
docker rm --force --volumes $containers >/dev/null
of_stack network ls --quiet | xargs -r docker network rm >/dev/null
