import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import { buildStep } from "../components/build/build-step";
import { contextHash } from "../components/build/context";
import { overSsh, type SshTarget } from "../components/host/ssh";
import { DELTA, STEP, stepCall } from "../components/host/step";
import { withPreamble } from "../components/model/preamble";
import { prepareControlDirectory } from "../components/remote/control-directory";
import { withMarker } from "../components/remote/marker";
import { resolved } from "../test/support/mocks";

/** Builds an image on a server with the step of a deployment, without Pulumi. @throws with its output when it fails. */
export async function buildByStep(target: SshTarget, context: string, withoutCache = false): Promise<void> {
  const folder = resolve(context);
  const text = readFileSync(join(folder, "Dockerfile"), "utf8");
  const build = { context: folder, dockerfile: "Dockerfile", text, args: {} };
  const hash = contextHash(build);
  const step = buildStep({
    ...{ stack: "bench-builds", image: "backend", tag: `bench-builds/backend:${randomBytes(6).toString("hex")}` },
    ...{ context: build, hash, secrets: {}, accounts: [], ssh: false, here: false, held: true },
  });
  const words = await resolved(pulumi.output(step.args ?? []));
  const call = (script: string) =>
    overSsh(target, ["sh", "-c", withPreamble(withMarker(script, "stdout")), "sh", ...words]);
  prepareControlDirectory();
  await execa("/bin/sh", ["-c", stepCall("DELTA")], {
    input: await resolved(pulumi.output(step.input ?? "")),
    env: {
      STEP,
      DELTA,
      RUN: call(step.script),
      ...(step.delta && { MANIFEST: call(step.delta.manifest), PACK: step.delta.pack }),
      ...(withoutCache && { BERTH_NO_CACHE: "true" }),
    },
    all: true,
  });
}
