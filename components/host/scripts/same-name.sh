#!/bin/sh
# Refuses to deploy a stack that was renamed, on new, empty volumes. Pulumi's command plugin passes what it printed at the last deployment.
# Variables: PROJECT, STACK, PULUMI_COMMAND_STDOUT = the former project/stack, or nothing.
former=${PULUMI_COMMAND_STDOUT:-}
if [ -n "$former" ] && [ "$former" != "$PROJECT/$STACK" ]; then
  printf '\nThe data of this stack is in the volumes of %s, but its name is now %s/%s. It would be deployed on new, empty volumes. Nothing was changed.\n' "$former" "$PROJECT" "$STACK" >&2
  if [ "${former%%/*}" = "$PROJECT" ]; then
    printf 'Rename it back: pulumi stack rename %s --stack %s, and rename Pulumi.%s.yaml to Pulumi.%s.yaml.\n' "${former#*/}" "$STACK" "$STACK" "${former#*/}" >&2
  else
    echo 'Rename project and stack back.' >&2
  fi
  exit 1
fi
echo "$PROJECT/$STACK"
