#!/bin/sh
# Refuses to deploy where the server has containers of the stack that its state does not know, or volumes with names like the stack's that
# Berth has not created. With consent, it removes these containers and their networks, and keeps all volumes.
# Arguments: 1 = project, 2 = stack, 3 = the consent: the name of the stack, or nothing.
set -eu
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2 consent=$3

# Those of a Swarm are another matter: they are also on a server that joins again.
containers=$(of_stack ps --all --quiet --filter is-task=false)
volumes=$(docker volume ls --format "{{.Name}}|{{.Label \"$label_project\"}}" | sed -n "s/^\($project-$stack-.*\)|$/  \1/p")
if [ -n "$containers" ] && [ "$consent" != "$stack" ]; then
  {
    printf '\nThe server already has containers of the stack %s, but the state does not know them:\n' "$stack"
    of_stack ps --all --quiet --no-trunc --filter is-task=false | xargs docker inspect --format '  {{.Name}}, {{.State.Status}} since {{.State.StartedAt}}'
    printf 'Nothing was changed. If a colleague deploys the stack, use the same state: PULUMI_BACKEND_URL (docs/deploy.md, "As a team").\n'
    printf 'If the state is lost: pulumi config set adoptServer %s. The next up then removes these containers and creates the\n' "$stack"
    printf 'stack again on its volumes. Its data is kept. Expect about a minute of downtime and new generated passwords.\n'
  } >&2
  exit 1
fi
if [ -n "$volumes" ] && [ "$consent" != "$stack" ]; then
  {
    printf '\nThe server already has volumes that Berth has not created, with names like those of the stack %s:\n%s\n' "$stack" "$volumes"
    printf 'Nothing was changed. The stack would write to them. If they belong to something else, choose another name for the\n'
    printf 'project or the stack. To use them with their content: pulumi config set adoptServer %s\n' "$stack"
  } >&2
  exit 1
fi
[ -n "$containers" ] || exit 0
echo "Removing the containers and networks of the stack $stack. Its volumes are kept."
# shellcheck disable=SC2086 # one id a word
docker stop -t 30 $containers >/dev/null
# shellcheck disable=SC2086 # one id a word
docker rm --force --volumes $containers >/dev/null
of_stack network ls --quiet | xargs -r docker network rm >/dev/null
