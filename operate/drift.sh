#!/usr/bin/env bash
# Shows what of a stack differs from what was deployed, has the next `up` mend it, or takes away what was not deployed: drift.sh show|mend|clear <stack>.
# Exit codes: 0 nothing differs, 4 something does, 1 it cannot be told.
set -euo pipefail

# The components are modules by their content, which Node would remark on.
exec node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON "$(dirname "${BASH_SOURCE[0]}")/drift/drift.mts" "$@"
