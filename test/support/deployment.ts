import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { LOCK_FILE } from "../../components/model/image-lock";
import { type Fetch, plainFetch } from "./web";

/** The result of a command: its output, and whether it failed. */
export interface CommandResult {
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

export interface CopyOptions {
  /** Folder of the project. Default: the top, Mail Tracker. */
  project?: string;
}

/** A copy of the repository with a separate stack, deployed with the real engine. */
export class Deployment {
  readonly #copy = mkdtempSync(join(tmpdir(), "berth-"));

  /** The project's folder. */
  readonly directory: string;

  /** Sends requests to its site. */
  fetch: Fetch = plainFetch;

  /** Variables for Pulumi, in addition to those of this process. */
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

  /** Copies the project from the work tree and creates a stack with this configuration. */
  static async create(name: string, config: Record<string, unknown>, copied?: CopyOptions): Promise<Deployment> {
    const deployment = await Deployment.copy(name, config, copied);
    await deployment.run("stack", "init", deployment.stack);
    return deployment;
  }

  /**
   * Copies the project and writes a stack's file, as after a fresh clone: without a lock of base images, which a deployment from the work tree
   * writes, as the digests of stand-ins are those of this machine.
   */
  static async copy(
    name: string,
    config: Record<string, unknown>,
    { project = "." }: CopyOptions = {},
  ): Promise<Deployment> {
    const deployment = new Deployment(`${name}-${randomBytes(3).toString("hex")}`, project);
    const { stdout: files } = await execa("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    for (const file of files.split("\0").filter((file) => isCopied(file))) {
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

  /** Writes the stack's file, as with an editor. */
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

  /** Edits a file of the project, as before a release. */
  edit(file: string, change: (text: string) => string): void {
    const before = readFileSync(this.path(file), "utf8");
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${file} changed nothing`);
    this.write(file, after);
  }

  /** Adds or replaces a file of the project. */
  write(file: string, content: string | Uint8Array): void {
    writeFileSync(this.path(file), content);
  }

  /**
   * Runs make, e.g. `make("logs", "SERVICE=backend")`, on a prepared machine. @throws with the output when it fails.
   */
  async make(target: string, ...words: string[]): Promise<string> {
    const { output, failed } = await this.tryMake(target, ...words);
    if (failed) throw new Error(output);
    return output;
  }

  /** The same, for a command that may fail. */
  tryMake(target: string, ...words: string[]): Promise<CommandResult> {
    return this.makeWithInput("", target, ...words);
  }

  /** The same, with standard input. */
  makeWithInput(input: string, target: string, ...words: string[]): Promise<CommandResult> {
    const ready = ["engine", "machine"].map((target) => `--old-file=${target}`);
    return this.#execute("make", ["--no-print-directory", ...ready, target, `STACK=${this.stack}`, ...words], input);
  }

  /** Runs `npx berth` with these arguments. */
  berth(...words: string[]): Promise<CommandResult> {
    return this.#execute("berth", [...words, "--stack", this.stack]);
  }

  /** The same, with standard input. */
  berthWithInput(input: string, ...words: string[]): Promise<CommandResult> {
    return this.#execute("berth", [...words, "--stack", this.stack], input);
  }

  /** `berth plan`; with a file name, also writes Markdown there. */
  plan(markdown?: string): Promise<CommandResult> {
    return this.berth("plan", ...(markdown === undefined ? [] : ["--markdown", markdown]));
  }

  /** Sets a secret setting, like `pulumi config set --secret`. */
  async setSecret(name: string, value: string): Promise<void> {
    const { failed, output } = await this.#engine(["config", "set", "--secret", name, "--stack", this.stack], value);
    if (failed) throw new Error(output);
  }

  #engine(args: string[], input = ""): Promise<CommandResult> {
    return this.#execute("pulumi", [...args, "--non-interactive", "--color", "never"], input);
  }

  async #execute(program: string, args: string[], input = ""): Promise<CommandResult> {
    const called = await execa(program, args, { ...this.execOptions, all: true, reject: false, input });
    this.#outputs = undefined;
    return { output: called.all, failed: called.failed, exitCode: called.exitCode };
  }

  /** Folder and variables of Pulumi. */
  get execOptions() {
    return {
      cwd: this.directory,
      env: {
        PULUMI_CONFIG_PASSPHRASE: undefined,
        PULUMI_CONFIG_PASSPHRASE_FILE: this.path("passphrase"),
        PULUMI_BACKEND_URL: undefined,
        // The tests themselves run under make.
        MAKEFLAGS: undefined,
        MAKELEVEL: undefined,
        PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: undefined,
        ...this.environment,
      },
    };
  }

  /** The arguments of `pulumi` that deploy. */
  get upArguments(): string[] {
    return ["up", "--yes", "--skip-preview", "--non-interactive", "--color", "never", "--stack", this.stack];
  }

  /** @throws with Pulumi's output when it fails. */
  async run(...args: string[]): Promise<string> {
    const { output, failed } = await this.#engine(args);
    if (failed) throw new Error(`pulumi ${args.join(" ")} failed:\n${output}`);
    return output;
  }

  up(...args: string[]): Promise<string> {
    return this.run("up", "--yes", "--skip-preview", "--stack", this.stack, ...args);
  }

  /** `berth drift`: exit code 0 without drift, 4 with drift. */
  drift(): Promise<CommandResult> {
    return this.berth("drift");
  }

  tryUp(): Promise<CommandResult> {
    return this.#execute("pulumi", this.upArguments);
  }

  preview(...args: string[]): Promise<string> {
    return this.run("preview", "--stack", this.stack, ...args);
  }

  destroy(): Promise<string> {
    return this.run("destroy", "--yes", "--skip-preview", "--stack", this.stack);
  }

  /** The stack's outputs, including secrets. Read once after each command, because Pulumi takes a second for it. */
  async outputs(): Promise<Outputs> {
    const known = this.#outputs;
    if (known !== undefined) return known;
    const printed = await this.run("stack", "output", "--json", "--show-secrets", "--stack", this.stack);
    this.#outputs = JSON.parse(printed) as Outputs;
    return this.#outputs;
  }

  #outputs: Outputs | undefined;

  /** Path of the state. */
  get stateFile(): string {
    return this.path(".pulumi-state", ".pulumi", "stacks", this.project, `${this.stack}.json`);
  }

  /** The state's contents. */
  state(): string {
    return readFileSync(this.stateFile, "utf8");
  }

  /** Destroys a stack on this machine with its data. */
  async destroyWithData(): Promise<void> {
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

function isCopied(file: string): boolean {
  return file !== "" && !file.startsWith("offline/go/") && basename(file) !== LOCK_FILE;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
