#!/usr/bin/env bash
# Deploys a stack, takes it away, or shows what a deployment would do: stack.sh up|preview|plan|down <stack> [delete].
# The stack is made when there is none. Its encryption salt is kept beside the state, so that no tracked file changes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly action=$1 stack=$2 volumes=${3:-keep}
readonly tracked=Pulumi.$stack.yaml kept=.pulumi-state/$stack.salt config=.pulumi-state/Pulumi.$stack.yaml

fail() {
  echo "$*" >&2
  exit 1
}

exists() { pulumi stack ls --json | grep -q "\"name\": \"$1\""; }

# In a folder of its own, because Pulumi writes the salt into the stack's file where it makes the stack.
make_stack() {
  echo "Making the stack $stack" >&2
  local folder backend
  folder=$(mktemp -d)
  backend=${PULUMI_BACKEND_URL:-file://$PWD/.pulumi-state}
  cp Pulumi.yaml "$folder"
  (cd "$folder" && PULUMI_BACKEND_URL=$backend pulumi stack init "$stack" --no-select >/dev/null)
  grep '^encryption\|^secretsprovider' "$folder/$tracked" >"$kept" || true
  rm -rf "$folder"
}

# A stack whose owner ran `pulumi stack init` has all of it in its own file.
write_config() {
  cp "$tracked" "$config"
  if [ -e "$kept" ] && ! grep -q '^encryption\|^secretsprovider' "$tracked"; then cat "$kept" >>"$config"; fi
}

in_stack() {
  local command=$1
  shift
  pulumi "$command" --stack "$stack" --config-file "$config" "$@"
}

say_where() {
  local url user
  url=$(pulumi stack output url --stack "$stack")
  user=$(pulumi stack output adminUser --stack "$stack")
  printf '\nMail Tracker runs: %s\nSign in as %s; the first password: make password%s\n' \
    "$url" "$user" "$([ "$stack" = dev ] || echo " STACK=$stack")"
}

down() {
  in_stack destroy --yes --skip-preview
  local names
  names=$(docker volume ls --quiet --filter label=berth.project=mailtracker --filter "label=berth.stack=$stack" 2>/dev/null || true)
  if [ -z "$names" ]; then
    [ "$volumes" != delete ] || echo "VOLUMES=delete is for this machine only; docs/operations.md says how data on a server is deleted." >&2
    echo "Data of this stack is left where it stood: on its server, in the volumes labelled berth.stack=$stack."
  elif [ "$volumes" = delete ]; then
    echo "Deleting its data: ${names//$'\n'/, }"
    # shellcheck disable=SC2086 # one name a word
    docker volume rm $names >/dev/null
  else
    printf 'Its data is kept in the volumes %s.\nTo delete it too: make down STACK=%s VOLUMES=delete\n' "${names//$'\n'/, }" "$stack"
  fi
}

command -v pulumi >/dev/null || fail "Pulumi is not on PATH. Use make, or: eval \"\$(make -s env)\""
[ -e "$tracked" ] || fail "There is no $tracked. Copy Pulumi.dev.yaml or Pulumi.prod.yaml to it and edit it."
exists "$stack" || case $action in
  down) fail "There is no stack $stack, so there is nothing to take away." ;;
  *) make_stack ;;
esac
write_config
case $action in
  up)
    in_stack up --yes --skip-preview
    say_where
    ;;
  preview) in_stack preview --diff --policy-pack policy ;;
  # What operate/plan.mts reads, with the file for what the policies say as its third word: it is not in the JSON. The
  # option for that file is one of those Pulumi shows only when asked.
  plan)
    PULUMI_DEBUG_COMMANDS=true in_stack preview --json --show-replacement-steps --show-sames --non-interactive \
      --policy-pack policy --event-log "$3"
    ;;
  down) down ;;
  *) fail "stack.sh knows up, preview, plan and down, not $action." ;;
esac
