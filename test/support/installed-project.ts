import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** All that a workstation needs besides node. Berth's own lines of /bin/sh use only shell builtins. */
const PROGRAMS = ["npm", "npx", "ssh", "pulumi", "sh"];

/**
 * A workstation without the repository: PATH has a few programs only, and the home folder has a space in its name. The
 * package is packed into the project's folder, which is otherwise empty.
 */
export class InstalledProject {
  readonly #machine = realpathSync(mkdtempSync(join(tmpdir(), "berth-package-")));
  readonly #programs = join(this.#machine, "bin");
  readonly #home = join(this.#machine, "home of somebody");

  /** The project's folder. */
  readonly folder: string;

  private constructor(name: string) {
    this.folder = join(this.#home, name);
  }

  static async create(name: string): Promise<InstalledProject> {
    const project = new InstalledProject(name);
    mkdirSync(project.folder, { recursive: true });
    mkdirSync(project.#programs);
    // A copy: the command puts Node.js's real folder on PATH.
    copyFileSync(process.execPath, join(project.#programs, "node"));
    for (const program of PROGRAMS) symlinkSync(await pathOf(program), join(project.#programs, program));
    await execa("node", ["toolchain/package.mts", project.folder]);
    return project;
  }

  /** Runs the commands of a page's code block. Returns their output. @throws when one fails. */
  async type(lines: string): Promise<string> {
    const output = [];
    for (const line of lines.trim().split("\n")) output.push(await this.#run(line));
    return output.join("\n");
  }

  async #run(line: string): Promise<string> {
    const { all } = await execa("/bin/sh", ["-c", line], {
      cwd: this.folder,
      env: await this.#environment(),
      extendEnv: false,
      all: true,
      input: "",
    });
    return all;
  }

  /** This process's variables, without those that point to the repository or to more programs. */
  async #environment(): Promise<Record<string, string | undefined>> {
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(npm_|PULUMI_CONFIG|PULUMI_BACKEND|BERTH|INIT_CWD)/i.test(name),
    );
    return {
      ...Object.fromEntries(own),
      HOME: this.#home,
      PATH: this.#programs,
      npm_config_cache: await npmCache(),
      npm_config_prefer_offline: "true",
      NODE_COMPILE_CACHE: join(this.#machine, "compiled"),
    };
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  /** Edits a file of the project. @throws when the edit changes nothing. */
  edit(file: string, change: (text: string) => string): void {
    const before = this.read(file);
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${file} changed nothing`);
    writeFileSync(join(this.folder, file), after);
  }

  remove(): void {
    rmSync(this.#machine, { recursive: true, force: true });
  }
}

async function pathOf(program: string): Promise<string> {
  const { stdout } = await execa("sh", ["-c", `command -v ${program}`]);
  return realpathSync(stdout);
}

async function npmCache(): Promise<string> {
  const { stdout } = await execa("npm", ["config", "get", "cache"]);
  return stdout;
}
