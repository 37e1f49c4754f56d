// Finds a supported Pulumi on PATH, or downloads it, as the command `berth` does. engine.sh calls it, and builds Pulumi if it fails.
// Arguments: Pulumi's home, the repository.
import { rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installedMark } from "../components/cli/engine/environment.mts";
import { pulumiOnPath } from "../components/cli/engine/find.mts";
import { installPulumi } from "../components/cli/engine/install.mts";
import { Problem } from "../components/model/problem.ts";

const [home = "", repository = ""] = process.argv.slice(2);

/** PATH without our own installation, which `eval "$(make env)"` puts there. */
process.env["PATH"] = (process.env["PATH"] ?? "")
  .split(delimiter)
  .filter((folder) => folder !== join(home, "bin"))
  .join(delimiter);

if (pulumiOnPath()) {
  // The command `berth` uses our installation if and only if this file exists.
  rmSync(installedMark(home), { force: true });
} else {
  await installPulumi(home, repository).catch((error: unknown) => {
    // Expected where no download site can be reached.
    if (!(error instanceof Problem)) console.error(error);
    process.exitCode = 1;
  });
}
