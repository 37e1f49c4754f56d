import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes a program in a folder, as a shell script. */
export function writeProgram(folder: string, name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** Writes an `ssh` that runs each command on this machine, with `/var/lib/berth` in the folder `lib/berth` beside it. */
export function writeFakeSsh(folder: string): void {
  writeProgram(
    folder,
    "ssh",
    `case " $* " in *" -O check "*) exit 0 ;; esac
for last; do :; done
exec sh -c "$(printf '%s' "$last" | sed 's,/var/lib/berth,${folder}/lib/berth,g')"`,
  );
}
