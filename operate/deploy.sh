#!/usr/bin/env bash
# Deploys a stack, goes back to an earlier release, takes it away, or shows what a deployment would do:
# deploy.sh up|preview|plan <stack>, deploy.sh rollback <stack> [number], deploy.sh down <stack>.
# Runs in the project's folder.
# The stack is made when there is none. Its encryption salt is kept beside the state, so that no tracked file changes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here

readonly action=$1 stack=$2
readonly to=${3:-} # of rollback
readonly tracked=Pulumi.$stack.yaml kept=.pulumi-state/$stack.salt config=.pulumi-state/Pulumi.$stack.yaml
readonly unpacked=.pulumi-state/releases/$stack
# Pulumi would do four things at once for each processor here. Where a server's owner has set sshd's limits, what is beyond the
# sessions of a connection signs in by itself, and sshd refuses some of many that do so at once.
readonly gently=(--yes --skip-preview --parallel 8)

fail() {
  echo "$*" >&2
  exit 1
}

# Where the state is in files, its file is there; Pulumi takes a quarter of a second to say so.
exists() {
  [ -n "${PULUMI_BACKEND_URL:-}" ] || [ ! -e ".pulumi-state/.pulumi/stacks/$project/$1.json" ] || return 0
  pulumi stack ls --json | grep -q "\"name\": \"$1\""
}

# In a folder of its own, because Pulumi writes the salt into the stack's file where it makes the stack.
make_stack() {
  echo "Making the stack $stack" >&2
  local folder
  folder=$(mktemp -d)
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

# What was changed by hand is mended by the way, and what fails is taken away at once.
deploy() {
  local in_place=no
  [ "$disturbed" = no ] || mend_drift
  "$@" up "${gently[@]}" || {
    "$here/clean-up.mts" "$stack"
    exit 1
  }
  [ "$in_place" = no ] || mend_drift
}

# The same with the sources and settings of an earlier release.
in_release() {
  # A project without a lock file of its own finds its packages further up.
  [ -e "$unpacked/node_modules" ] || [ ! -e "$unpacked/package-lock.json" ] ||
    (cd "$unpacked" && echo "Installing the npm packages of that release" && npm ci --no-progress)
  (cd "$unpacked" && PULUMI_BACKEND_URL=$backend pulumi "$1" --stack "$stack" --config-file "Pulumi.$stack.yaml" "${@:2}")
}

# What was changed by hand is marked, so that this `up` mends it. What serves in its place goes in a second round.
mend_drift() {
  local status=0
  "$here/drift.sh" mend "$stack" || status=$?
  case $status in
    0) ;;
    4) in_place=yes ;;
    *) echo "So nothing is known of changes made by hand, and none is mended." >&2 ;;
  esac
}

down() {
  # What a killed deployment has left would still use networks and volumes.
  "$here/drift.sh" clear "$stack" || true
  local said
  said=$("$here/say-kept.mts" "$stack")
  in_stack destroy "${gently[@]}"
  echo "$said"
}

command -v pulumi >/dev/null || fail "Pulumi is not on PATH. Use make, or: eval \"\$(make -s env)\""
[ -e "$tracked" ] || fail "There is no $tracked. Copy Pulumi.dev.yaml or Pulumi.prod.yaml to it and edit it."
mkdir -p .pulumi-state
project=$(sed -n 's/^name: *//p' Pulumi.yaml)
# Where the state is, as other folders may name it too.
backend=${PULUMI_BACKEND_URL:-$(sed -n 's/^ *url: *//p' Pulumi.yaml)}
backend=${backend/#file:\/\/.\//file://$PWD/}
# The policies are asked in a folder of their own.
export BERTH_PROJECT=$PWD
disturbed=yes told=
if [ "$action" = up ]; then
  changed=0
  told=$("$here/unchanged.mts" "$stack" 2>/dev/null) || changed=$?
  case $changed in
    0) echo "$told" && exit ;;
    4) disturbed=no ;;
  esac
fi
# Whoever found the stack undisturbed has looked for locks too.
case $action in up | down | rollback) [ "$disturbed" = no ] || "$here/lock.mts" respect "$stack" ;; esac
exists "$stack" || case $action in
  down) fail "There is no stack $stack, so there is nothing to take away." ;;
  rollback) fail "There is no stack $stack, so there is nothing to go back to." ;;
  *) make_stack ;;
esac
write_config
case $action in
  up)
    deploy in_stack
    "$here/say-where.mts" "$stack" "$told"
    ;;
  rollback)
    "$here/rollback.mts" "$stack" "$config" "$unpacked" "$to"
    deploy in_release
    "$here/say-where.mts" "$stack"
    ;;
  preview) in_stack preview --diff --policy-pack "$here/../policy" ;;
  # What plan.mts reads, with the file for what the policies say as its third word: it is not in the JSON. The
  # option for that file is one of those Pulumi shows only when asked.
  plan)
    PULUMI_DEBUG_COMMANDS=true in_stack preview --json --show-replacement-steps --show-sames --non-interactive \
      --policy-pack "$here/../policy" --event-log "$3"
    ;;
  down) down ;;
  *) fail "deploy.sh knows up, rollback, preview, plan and down, not $action." ;;
esac
