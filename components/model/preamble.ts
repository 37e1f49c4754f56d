import { labelVariables } from "./labels.ts";
import { withoutComments } from "./without-comments.ts";

/**
 * The longest line, in bytes, that a script prints of a text it does not know, e.g. a container's log. Pulumi's command plugin waits
 * forever after a line of 64 KiB.
 */
export const LONGEST_LINE = 4000;

/** Shell functions that any script may call: the only code on a server that knows how to find a stack's objects. */
const FUNCTIONS = {
  /** Runs a Docker command such as `ps --all`, filtered to the stack `$stack` of `$project`; newest objects first. */
  of_stack:
    'of_stack() { docker "$@" --filter "label=$label_project=$project" --filter "label=$label_stack=$stack"; }\n',
  /** Succeeds if the container `$1` exists, running or not: a person or an interrupted step may have removed it. */
  container_exists: 'container_exists() { docker inspect "$1" >/dev/null 2>&1; }\n',
  /**
   * Copies text, cuts long lines and drops bytes that are not UTF-8, which gRPC does not transmit. Copies each line at once, which
   * cut and sed do not.
   */
  limit_lines: `limit_lines() (
  LC_ALL=C
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      *[!' '-~]*) line=$(printf '%.${LONGEST_LINE}s' "$line" | { iconv -c -f UTF-8 -t UTF-8 2>/dev/null || [ $? != 127 ] || tr -cd '\\t -~'; }) ;;
    esac
    printf '%.${LONGEST_LINE}s\\n' "$line"
  done
)
`,
  /**
   * Prints free and total KiB of the disk with the engine's volumes and images, which Docker 29 keeps in containerd's folder: of the
   * fuller one, if they are two. Arguments: the command docker.
   */
  engine_disk: `engine_disk() {
  engine=$("$@" info --format '{{.DockerRootDir}}|{{.DriverStatus}}')
  set -- "\${engine%%|*}"
  case $engine in *io.containerd.snapshotter*) set -- "$1" /var/lib/containerd ;; esac
  df -Pk "$@" 2>/dev/null | awk 'NR > 1 && (all == "" || $4 < free) { free = $4; all = $2 } END { if (all) print free, all }'
}
`,
  /**
   * Prints node and state of the containers of a Swarm service that have not ended, one a line. Those of a lost server cannot be stopped, and
   * Swarm starts them elsewhere too, so they do not count.
   */
  running_tasks: `running_tasks() {
  docker service ps --no-trunc --format '{{.Node}} {{.CurrentState}}' "$1" 2>/dev/null |
    grep -E ' (Running|Starting|Preparing|Ready|Accepted|Assigned)( |$)' | while read -r node state; do
      [ "$(docker node inspect --format '{{.Status.State}}' "$node" 2>/dev/null </dev/null)" != ready ] || echo "$node $state"
    done
}
`,
  /** Stops the containers of the Swarm service `$1` and waits until they have ended; fails after `$2` seconds. */
  stop_service: `stop_service() {
  docker service scale --detach "$1=0" >/dev/null || return 1
  stop_until=$(($(date +%s) + $2))
  until [ -z "$(running_tasks "$1")" ]; do
    [ "$(date +%s)" -lt "$stop_until" ] || return 1
    sleep 0.5
  done
}
`,
  /** Prints the flags of the server's engine: those in its unit, and those of its process, which may come from variables. */
  dockerd_flags: `dockerd_flags() {
  systemctl cat docker.service 2>/dev/null | grep '^ExecStart=.' | tail -n 1
  pid=$(systemctl show --property MainPID --value docker.service 2>/dev/null)
  [ "\${pid:-0}" = 0 ] || tr '\\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null
}
`,
};

/**
 * Prepends the shared functions and the variables `$label_<name>` to a shell script, and removes its comments and indentation: with a
 * changed line of sources, scripts are most of what a release sends. Adds only what the script uses, so that a new function changes no
 * other script.
 * @throws Error if the script uses a label that Berth does not have.
 */
export function withPreamble(script: string): string {
  // Once more for the functions that these functions call.
  const source = withoutComments(functionsIn(functionsIn(script) + script) + script);
  return labelVariables(source) + source;
}

/** The shared functions that a script names. */
function functionsIn(script: string): string {
  const used = Object.entries(FUNCTIONS).filter(([name]) => new RegExp(`\\b${name}\\b`).test(script));
  return used.map(([, text]) => text).join("");
}
