import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import type { CommandResult } from "./deployment";

const TEMPLATE = "components/cli/init/template";

/**
 * The project of `berth init` without a database, in a folder of its own, with a stack `test`. It uses the packages of
 * this work tree.
 */
export class SmallProject {
  readonly folder = mkdtempSync(join(tmpdir(), "berth-small-"));
  readonly stack = "test";

  /** @param config settings of the stack. */
  constructor(config: Record<string, unknown>) {
    for (const part of ["project", "plain"]) cpSync(join(TEMPLATE, part), this.folder, { recursive: true });
    const { name } = parse(this.read("Pulumi.yaml"));
    const keys = Object.fromEntries(Object.entries(config).map(([key, value]) => [`${name}:${key}`, value]));
    this.write(`Pulumi.${this.stack}.yaml`, stringify({ config: keys }));
    this.write("package.json", JSON.stringify({ name, main: "index.ts" }));
    mkdirSync(join(this.folder, ".pulumi-state"));
    symlinkSync(resolve("node_modules"), join(this.folder, "node_modules"));
  }

  /** A project called like its site; the page has the site's name. */
  static of(site: string, config: Record<string, unknown>): SmallProject {
    const project = new SmallProject(config);
    const id = site.replace(".", "-");
    project.edit("Pulumi.yaml", (text) => text.replace(/^name: .*$/m, `name: ${id}`));
    project.edit(`Pulumi.${project.stack}.yaml`, (text) => text.replaceAll("guestbook:", `${id}:`));
    project.edit("app/server.mjs", (text) => text.replaceAll("It runs", `${site} 1`));
    return project;
  }

  /** Runs `npx berth` with these arguments. */
  async berth(...words: string[]): Promise<CommandResult> {
    return this.#run("berth", words);
  }

  /** Runs `pulumi` with these arguments. */
  async pulumi(...words: string[]): Promise<CommandResult> {
    return this.#run("pulumi", [...words, "--non-interactive", "--color", "never"]);
  }

  async #run(program: string, words: string[]): Promise<CommandResult> {
    const env = {
      PULUMI_CONFIG_PASSPHRASE: "small",
      PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
      PULUMI_BACKEND_URL: undefined,
    };
    const options = { cwd: this.folder, env, all: true, reject: false, input: "" } as const;
    const { all, failed, exitCode } = await execa(program, [...words, "--stack", this.stack], options);
    return { output: all, failed, exitCode };
  }

  /** The text of its state. */
  state(): string {
    const folder = join(this.folder, ".pulumi-state");
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")).join("\n");
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  /** Edits a file of the project. @throws when the edit changes nothing. */
  edit(file: string, change: (text: string) => string): void {
    const before = this.read(file);
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${file} changed nothing`);
    this.write(file, after);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
