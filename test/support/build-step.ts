import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import { type BuildStepArgs, buildStep } from "../../components/build/build-step";
import { type BuildContext, contextHash } from "../../components/build/context";
import { DELTA, STEP, stepCall } from "../../components/host/step";
import { withPreamble } from "../../components/model/preamble";
import { commandLine } from "../../components/model/shell";
import { withMarker } from "../../components/remote/marker";
import { resolved } from "./mocks";

type Changes = Partial<Omit<BuildStepArgs, "context"> & { context: Partial<BuildContext> }>;

/** A build context and a builder with an account of its own, both on this machine, with a stand-in for docker. */
export class BuilderHere {
  readonly folder = mkdtempSync(join(tmpdir(), "builder-"));
  readonly context = join(this.folder, "context");
  /** What the builder keeps. */
  readonly store = join(this.folder, "home", ".cache", "berth", "shop-test", "app");

  /** Stands for /sys/fs/cgroup. */
  readonly cgroups = join(this.folder, "cgroup");

  constructor(docker: string) {
    this.write({ Dockerfile: "FROM scratch\nCOPY . /\n" });
    mkdirSync(join(this.folder, "bin"));
    mkdirSync(join(this.folder, "home"));
    this.program("docker", docker);
  }

  /** Puts a stand-in for a program on the builder's PATH. */
  program(name: string, text: string): void {
    writeFileSync(join(this.folder, "bin", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }

  /** Writes files of the context. */
  write(files: Record<string, string>, mode = 0o644): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.context, path)), { recursive: true });
      writeFileSync(join(this.context, path), content, { mode });
    }
  }

  /** Runs the step as Pulumi's command plugin does. */
  async build(more: Changes = {}, env: Record<string, string> = {}) {
    const { dockerfile = "Dockerfile" } = more.context ?? {};
    const text = readFileSync(join(this.context, dockerfile), "utf8");
    const context = { context: this.context, dockerfile, text, args: {}, ...more.context };
    const hash = contextHash(context);
    const tag = `shop-test/app:${hash}`;
    const own = {
      stack: "shop-test",
      image: "app",
      tag,
      hash,
      secrets: {},
      accounts: [],
      ssh: false,
      here: false,
      held: false,
    };
    const step = buildStep({ ...own, ...more, context });
    const words = await resolved(pulumi.output(step.args ?? []));
    const call = (script: string) => {
      const text = withPreamble(withMarker(script, "stdout")).replaceAll("/sys/fs/cgroup", this.cgroups);
      return commandLine(["sh", "-c", text, "sh", ...words]);
    };
    const sent = join(this.folder, "sent");
    return execa("/bin/sh", ["-c", stepCall("DELTA")], {
      input: await resolved(pulumi.output(step.input ?? "")),
      env: {
        HOME: join(this.folder, "home"),
        DOCKER_CONFIG: undefined,
        XDG_CACHE_HOME: "",
        FOLDER: this.folder,
        PATH: `${join(this.folder, "bin")}:${process.env["PATH"]}`,
        STEP,
        DELTA,
        MANIFEST: call(step.delta?.manifest ?? ""),
        PACK: `${step.delta?.pack} | tee ${sent}`,
        RUN: call(step.script),
        ...env,
      },
      reject: false,
      all: true,
    });
  }

  /** What the last step sent to the builder. */
  sent(): Buffer {
    return readFileSync(join(this.folder, "sent"));
  }

  /** A file of the builder, or one that the stand-in for docker wrote. */
  read(...path: string[]): string {
    return readFileSync(join(this.folder, ...path), "utf8");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
