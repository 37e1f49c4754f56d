#!/usr/bin/env bash
# What a shell needs to use the engine: source this file, or eval what it prints.
# Nothing that is set already is changed.

berth_root=$(cd "$(dirname "${BASH_SOURCE[0]:-$0}")/.." && pwd -P)
berth_home=$berth_root/.pulumi-home

# pulumi.sh leaves this mark where the engine is ours and not the machine's.
if [ -f "$berth_home/installed" ]; then
  export PULUMI_HOME=$berth_home
  case ":$PATH:" in
  *":$berth_home/bin:"*) ;;
  *) export PATH="$berth_home/bin:$PATH" ;;
  esac
fi

# Node 22 from the npm package "node", whatever the machine has.
case ":$PATH:" in
*":$berth_root/node_modules/.bin:"*) ;;
*) export PATH="$berth_root/node_modules/.bin:$PATH" ;;
esac

# Secrets in state are encrypted with this. Whoever loses the file loses the secrets:
# for anything but a trial, set one of the two variables and keep the passphrase safe.
if [ -z "${PULUMI_CONFIG_PASSPHRASE+set}" ] && [ -z "${PULUMI_CONFIG_PASSPHRASE_FILE:-}" ]; then
  export PULUMI_CONFIG_PASSPHRASE_FILE=$berth_home/passphrase
  if [ ! -s "$PULUMI_CONFIG_PASSPHRASE_FILE" ]; then
    mkdir -p "$berth_home"
    # Written aside and linked: of two shells that start at once, the first decides.
    (
      umask 077
      head -c 32 /dev/urandom | base64 >"$PULUMI_CONFIG_PASSPHRASE_FILE.$$"
      ln "$PULUMI_CONFIG_PASSPHRASE_FILE.$$" "$PULUMI_CONFIG_PASSPHRASE_FILE" 2>/dev/null || true
      rm -f "$PULUMI_CONFIG_PASSPHRASE_FILE.$$"
    )
  fi
fi

export PULUMI_SKIP_UPDATE_CHECK=true
# The salt that belongs to the passphrase is found in the stack's state where Pulumi.<stack>.yaml
# has none; without this, Pulumi would make up another one.
export PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER=true
# The types are checked by `make check`; checking them again at every start would take seconds.
export PULUMI_NODEJS_TRANSPILE_ONLY=${PULUMI_NODEJS_TRANSPILE_ONLY:-true}
# Half a second less at every start of the program.
export NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE:-$berth_home/node-compile-cache}
# The engine, its plugins and Docker's client are written in Go and live for seconds: with more memory they collect less garbage.
export GOGC=${GOGC:-400}

if ! (return 0 2>/dev/null); then
  for berth_name in PATH PULUMI_HOME PULUMI_CONFIG_PASSPHRASE_FILE PULUMI_SKIP_UPDATE_CHECK \
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER PULUMI_NODEJS_TRANSPILE_ONLY NODE_COMPILE_CACHE GOGC; do
    if [ -n "${!berth_name:-}" ]; then
      printf 'export %s=%q\n' "$berth_name" "${!berth_name}"
    fi
  done
fi
unset berth_root berth_home
