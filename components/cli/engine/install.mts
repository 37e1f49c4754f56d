import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { parseTarGzip } from "nanotar";
import { Problem } from "../../model/problem.ts";
import { progress } from "../terminal/progress.mts";
import { installedMark } from "./environment.mts";

/** Downloads Pulumi into the project's own home, in the version of the project's SDK. @throws Problem if the download fails. */
export async function installPulumi(home: string, projectFolder: string): Promise<void> {
  const version = sdkVersion(projectFolder);
  const url = `https://get.pulumi.com/releases/sdk/pulumi-v${version}-${platform()}.tar.gz`;
  const archive = await progress(`Installing Pulumi ${version} into ${home}`, () => download(url));
  const folder = join(home, "bin");
  mkdirSync(folder, { recursive: true });
  for (const { name, data, type } of await parseTarGzip(archive)) {
    if (type !== "file" || !data) continue;
    // Renaming is atomic, so that no process runs an incomplete program.
    const temporary = join(folder, `.${basename(name)}.${process.pid}`);
    writeFileSync(temporary, data, { mode: 0o755 });
    renameSync(temporary, join(folder, basename(name)));
  }
  writeFileSync(installedMark(home), `pulumi ${version}\n`);
}

/** Prints what an address answers, or the reason why it does not. */
const FETCH = `
fetch(process.argv[1], { signal: AbortSignal.timeout(600_000) }).then(async (answer) => {
  if (!answer.ok) throw new Error("HTTP status " + answer.status);
  process.stdout.write(Buffer.from(await answer.arrayBuffer()));
}).catch((error) => {
  while (error.cause) error = error.cause;
  process.stderr.write(error.message);
  process.exitCode = 1;
});
`;

/** Node.js uses HTTPS_PROXY and NO_PROXY only if it starts with NODE_USE_ENV_PROXY, hence another process. */
async function download(url: string): Promise<Uint8Array> {
  const child = spawn(process.execPath, ["--eval", FETCH, url], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_USE_ENV_PROXY: "1" },
  });
  const [archive, errors, [status]] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (status === 0) return new Uint8Array(archive);
  throw new Problem(
    `Pulumi is not on PATH, and its download failed (${url}: ${errors.trim().split("\n").at(-1)}).\n` +
      "Install it (https://www.pulumi.com/docs/install), or allow this machine to reach get.pulumi.com, and try again. " +
      "A proxy is taken from HTTPS_PROXY, with Node.js 22.21 or later.",
  );
}

/** `linux-x64`, `darwin-arm64` and the like, as Pulumi names its archives. */
function platform(): string {
  const { platform: system, arch } = process;
  if (!["linux", "darwin"].includes(system) || !["x64", "arm64"].includes(arch)) {
    throw new Problem(
      `Pulumi is not on PATH, and Berth cannot install it on ${system}/${arch}: https://www.pulumi.com/docs/install`,
    );
  }
  return `${system}-${arch}`;
}

function sdkVersion(projectFolder: string): string {
  const file = createRequire(join(projectFolder, "index.js")).resolve("@pulumi/pulumi/package.json");
  const { version }: { version: string } = JSON.parse(readFileSync(file, "utf8"));
  return version;
}
