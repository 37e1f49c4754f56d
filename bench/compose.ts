import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { type SshTarget, sshOptions, sshUrl } from "../components/host/ssh";
import { quote } from "../components/model/shell";

/** A Docker Compose project that deploys to a server over SSH with the same options as Berth: shared connections. */
export class Compose {
  private constructor(
    /** Folder of compose.yaml. */
    readonly folder: string,
    private readonly program: string,
    private readonly environment: Record<string, string>,
  ) {}

  static async create(target: SshTarget): Promise<Compose> {
    const what = ["bench/compose-program", "Docker Compose, to measure against (about 5 minutes)"];
    const { stdout: programs } = await execa(resolve("test/servers/go/build.sh"), what, { stderr: "inherit" });
    const folder = mkdtempSync(join(tmpdir(), "berth-compose-"));
    // Compose accepts only the address, so a wrapper for ssh, first on PATH, adds the options.
    const { stdout: ssh } = await execa("sh", ["-c", "command -v ssh"]);
    const options = sshOptions(target).map(quote);
    writeFileSync(join(folder, "ssh"), `#!/bin/sh\nexec ${ssh} ${options.join(" ")} "$@"\n`, { mode: 0o755 });
    return new Compose(folder, join(programs, "cmd"), {
      DOCKER_HOST: sshUrl(target),
      PATH: `${folder}:${process.env.PATH}`,
    });
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Writes compose.yaml. */
  configure(specification: Record<string, unknown>): void {
    writeFileSync(this.path("compose.yaml"), stringify(specification));
  }

  /** Variables for the file, including secrets. */
  tell(variables: Record<string, string>): void {
    Object.assign(this.environment, variables);
  }

  /** Runs compose. @throws with its output when it fails. */
  async run(...words: string[]): Promise<string> {
    const options = { cwd: this.folder, env: this.environment, all: true } as const;
    return (await execa(this.program, ["--progress", "quiet", ...words], options)).all;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
