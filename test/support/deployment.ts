import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { type Fetch, plainFetch } from "./web";

/** What a call of the engine said, and whether it was content. */
export interface Said {
  output: string;
  failed: boolean;
  exitCode: number | undefined;
}

interface Outputs {
  url: string;
  adminUser: string;
  adminPassword: string;
  release: string;
}

export interface Copied {
  /** Folder of the project. Default: the top, Mail Tracker. */
  project?: string;
}

/** A copy of everything with a stack of a project's own, deployed with the real engine. */
export class Deployment {
  readonly #copy = mkdtempSync(join(tmpdir(), "berth-"));

  /** Where the project stands. */
  readonly directory: string;

  /** How its site is asked. */
  fetch: Fetch = plainFetch;

  /** Variables for the engine, beside those of this process. */
  readonly environment: Record<string, string> = {};

  /** The project's name, as in Pulumi.yaml. */
  readonly project: string;

  private constructor(
    readonly stack: string,
    folder: string,
  ) {
    this.directory = join(this.#copy, folder);
    this.project = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")).name;
  }

  /** Copies the project as it is in the work tree and makes a stack with this configuration. */
  static async create(name: string, config: Record<string, unknown>, copied?: Copied): Promise<Deployment> {
    const deployment = await Deployment.copy(name, config, copied);
    await deployment.run("stack", "init", deployment.stack);
    return deployment;
  }

  /** Copies the project and writes a stack's file, as somebody does who has just cloned it. */
  static async copy(
    name: string,
    config: Record<string, unknown>,
    { project = "." }: Copied = {},
  ): Promise<Deployment> {
    const deployment = new Deployment(`${name}-${randomBytes(3).toString("hex")}`, project);
    const { stdout: files } = await execa("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    for (const file of files.split("\0").filter((file) => file !== "" && !file.startsWith("offline/go/"))) {
      cpSync(file, join(deployment.#copy, file), { recursive: true });
    }
    symlinkSync(join(process.cwd(), "node_modules"), join(deployment.#copy, "node_modules"));
    writeFileSync(deployment.path("passphrase"), randomBytes(16).toString("hex"), { mode: 0o600 });
    deployment.configure(config);
    return deployment;
  }

  path(...parts: string[]): string {
    return join(this.directory, ...parts);
  }

  /** Writes the stack's file, as its owner would with an editor. */
  configure(config: Record<string, unknown>): void {
    const file = this.path(`Pulumi.${this.stack}.yaml`);
    const salt = /^encryptionsalt:.*$/m.exec(read(file))?.[0] ?? "";
    const set = Object.entries<unknown>(parse(read(file))?.config ?? {});
    const secrets = set.filter(([, value]) => typeof value === "object" && value !== null && "secure" in value);
    // Stories sign in more often than people do.
    const settings = {
      ...(this.project === "mailtracker" && { signInsPerMinute: 6000 }),
      ...config,
    };
    const keys = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${this.project}:${key}`, value]));
    writeFileSync(file, `${stringify({ config: { ...keys, ...Object.fromEntries(secrets) } })}${salt}\n`);
  }

  /** Edits a file of the project: the way a release begins. */
  edit(file: string, change: (text: string) => string): void {
    const before = readFileSync(this.path(file), "utf8");
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${file} changed nothing`);
    this.write(file, after);
  }

  /** Adds a file to the project, or replaces it. */
  write(file: string, content: string | Uint8Array): void {
    writeFileSync(this.path(file), content);
  }

  /** What people type, e.g. `make("logs", "SERVICE=backend")`; the machine is ready. @throws with what was said when it fails. */
  async make(target: string, ...words: string[]): Promise<string> {
    const { output, failed } = await this.tryMake(target, ...words);
    if (failed) throw new Error(output);
    return output;
  }

  /** The same, for what may fail. */
  tryMake(target: string, ...words: string[]): Promise<Said> {
    return this.makeWith("", target, ...words);
  }

  /** The same, with something to read. */
  makeWith(input: string, target: string, ...words: string[]): Promise<Said> {
    const ready = ["engine", "machine"].map((target) => `--old-file=${target}`);
    return this.#execute("make", ["--no-print-directory", ...ready, target, `STACK=${this.stack}`, ...words], input);
  }

  /** What people type after `npx berth`. */
  berth(...words: string[]): Promise<Said> {
    return this.#execute("berth", [...words, "--stack", this.stack]);
  }

  /** `berth plan`; with a file's name, Markdown is written there too. */
  plan(markdown?: string): Promise<Said> {
    return this.berth("plan", ...(markdown === undefined ? [] : ["--markdown", markdown]));
  }

  /** Sets a secret setting, as `pulumi config set --secret` does. */
  async setSecret(name: string, value: string): Promise<void> {
    const { failed, output } = await this.#engine(["config", "set", "--secret", name, "--stack", this.stack], value);
    if (failed) throw new Error(output);
  }

  #engine(args: string[], input = ""): Promise<Said> {
    return this.#execute("pulumi", [...args, "--non-interactive", "--color", "never"], input);
  }

  async #execute(program: string, args: string[], input = ""): Promise<Said> {
    const called = await execa(program, args, { ...this.surroundings, all: true, reject: false, input });
    this.#outputs = undefined;
    return { output: called.all, failed: called.failed, exitCode: called.exitCode };
  }

  /** Where, and with which variables, the engine runs. */
  get surroundings() {
    return {
      cwd: this.directory,
      env: {
        PULUMI_CONFIG_PASSPHRASE: undefined,
        PULUMI_CONFIG_PASSPHRASE_FILE: this.path("passphrase"),
        PULUMI_BACKEND_URL: undefined,
        // The tests themselves were started by make.
        MAKEFLAGS: undefined,
        MAKELEVEL: undefined,
        PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: undefined,
        ...this.environment,
      },
    };
  }

  /** The words after `pulumi` that deploy. */
  get upWords(): string[] {
    return ["up", "--yes", "--skip-preview", "--non-interactive", "--color", "never", "--stack", this.stack];
  }

  /** @throws with the engine's output when it fails. */
  async run(...args: string[]): Promise<string> {
    const { output, failed } = await this.#engine(args);
    if (failed) throw new Error(`pulumi ${args.join(" ")} failed:\n${output}`);
    return output;
  }

  up(...args: string[]): Promise<string> {
    return this.run("up", "--yes", "--skip-preview", "--stack", this.stack, ...args);
  }

  /** `berth drift`: exit code 0 for no difference, 4 for some. */
  drift(): Promise<Said> {
    return this.berth("drift");
  }

  tryUp(): Promise<Said> {
    return this.#execute("pulumi", this.upWords);
  }

  preview(...args: string[]): Promise<string> {
    return this.run("preview", "--stack", this.stack, ...args);
  }

  destroy(): Promise<string> {
    return this.run("destroy", "--yes", "--skip-preview", "--stack", this.stack);
  }

  /** The stack's outputs, secrets included. Read once after each command, because Pulumi takes a second for it. */
  async outputs(): Promise<Outputs> {
    const known = this.#outputs;
    if (known !== undefined) return known;
    const printed = await this.run("stack", "output", "--json", "--show-secrets", "--stack", this.stack);
    this.#outputs = JSON.parse(printed) as Outputs;
    return this.#outputs;
  }

  #outputs: Outputs | undefined;

  /** Where the state lies. */
  get stateFile(): string {
    return this.path(".pulumi-state", ".pulumi", "stacks", this.project, `${this.stack}.json`);
  }

  /** What lies there. */
  state(): string {
    return readFileSync(this.stateFile, "utf8");
  }

  /** Takes a stack on this machine away with its data. */
  async takeAway(): Promise<void> {
    await this.make("down", "YES=1");
    const { stdout } = await execa("docker", [
      "volume",
      "ls",
      "--quiet",
      "--filter",
      `label=berth.stack=${this.stack}`,
    ]);
    await execa("docker", ["volume", "rm", ...stdout.split("\n").filter((name) => name !== "")], { reject: false });
  }

  remove(): void {
    rmSync(this.#copy, { recursive: true, force: true });
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
