import { withPreamble } from "../model/preamble";
import { MARKER } from "../remote/marker";
import { scriptBeside } from "../scripts";

/** The shell functions of step.sh, as the environment variable STEP of a local command of Pulumi. */
export const STEP = `marker=${MARKER}\n${withPreamble(scriptBeside(__dirname, "step.sh"))}`;

/** Sends the output of PACK to RUN. Copies the input line by line, which /bin/sh can do without another program. */
export const DELTA = `{ eval "$MANIFEST" </dev/null; echo; while IFS= read -r line; do printf '%s\\n' "$line"; done; } | sh -c "$PACK" | eval "$RUN"`;

/**
 * Command that runs the command line in an environment variable. It is short, because Pulumi's error message quotes it before the
 * reason of the failure.
 */
export function stepCall(variable: "RUN" | "DELTA" | "UNDO"): string {
  return `eval "$STEP"; step "$${variable}"`;
}
