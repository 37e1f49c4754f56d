import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withPreamble } from "../../components/model/preamble";

interface FakeContainer {
  /** Restart policy. */
  restart: "no" | "unless-stopped";
  /** Whether it runs, and how it takes a stop signal. */
  runs: "no" | "until the signal" | "on after the signal";
}

/** The containers of one scheduled job on an engine in a folder: a fake `docker` that knows their restart policy and whether they run. */
export class FakeContainers {
  readonly #folder = mkdtempSync(join(tmpdir(), "berth-containers-"));

  constructor(containers: Record<string, FakeContainer>) {
    mkdirSync(join(this.#folder, "bin"));
    for (const [id, { restart, runs }] of Object.entries(containers)) {
      const folder = join(this.#folder, "containers", id);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "restart"), `${restart}\n`);
      writeFileSync(join(folder, "running"), `${runs !== "no"}\n`);
      if (runs === "on after the signal") writeFileSync(join(folder, "busy"), "");
    }
    const file = join(this.#folder, "bin/docker");
    writeFileSync(file, DOCKER);
    chmodSync(file, 0o755);
  }

  /** Runs a script as on a server. */
  run(script: string, ...words: string[]): string {
    const PATH = `${join(this.#folder, "bin")}:${process.env["PATH"]}`;
    const options = { encoding: "utf8", cwd: this.#folder, env: { PATH, root: this.#folder } } as const;
    return execFileSync("sh", ["-c", withPreamble(script), "sh", ...words], options);
  }

  /** The changes that were asked for, in order. */
  get calls(): string[] {
    const file = join(this.#folder, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

const DOCKER = `#!/bin/sh
cd "$root/containers"
for last; do :; done
case $1 in
  ps)
    for id in *; do
      case "$*" in
        *status=created*) ;;
        *status=exited*) [ "$(cat "$id/running")" = true ] || echo "$id" ;;
        *) echo "$id" ;;
      esac
    done
    exit ;;
  network) exit ;;
  inspect)
    [ -d "$last" ] || exit 1
    case "$*" in
      *RestartPolicy*) cat "$last/restart" ;;
      *Running*) cat "$last/running" ;;
    esac
    exit ;;
esac
[ -d "$last" ] || exit 1
echo "$*" >>"$root/calls"
case $1 in
  update) echo no >"$last/restart" ;;
  kill) [ -e "$last/busy" ] || echo false >"$last/running" ;;
  stop) echo false >"$last/running" ;;
  rm) rm -r "$last" ;;
esac
`;
