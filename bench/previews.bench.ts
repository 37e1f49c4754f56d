import { execa } from "execa";
import { afterAll, beforeAll, test } from "vitest";
import { stringify } from "yaml";
import { StandInServer } from "../test/servers/server";
import { Deployment } from "../test/support/deployment";
import { row, seconds, tell } from "./report";

const PROGRAM = "berth";
const COUNT = Number(process.env.ROUNDS ?? 10);

let server: StandInServer;
let deployment: Deployment;

beforeAll(async () => {
  server = await StandInServer.start({ name: "previews" });
  deployment = await Deployment.copy("previews", {});
  const settings = { ...server.settings, tls: "self-signed", drainSeconds: 2 };
  const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`mailtracker:${key}`, value]));
  deployment.write("Pulumi.preview.yaml", stringify({ preview: { domain: "preview.test", limit: COUNT }, config }));
});

afterAll(async () => {
  await server?.stop();
  deployment?.remove();
});

/** MiB of the stack's containers, as `docker stats` counts them. */
async function memoryOf(stack: string): Promise<number> {
  const lines = await server.exec(
    `docker stats --no-stream --format '{{.MemUsage}}' $(docker ps --quiet --filter label=berth.stack=${stack})`,
  );
  return lines.split("\n").reduce((sum, line) => sum + mebibytes(line.split(" / ")[0] ?? ""), 0);
}

function mebibytes(text: string): number {
  const factors: Record<string, number> = { B: 1 / 2 ** 20, KiB: 1 / 1024, MiB: 1, GiB: 1024 };
  return Number.parseFloat(text) * (factors[text.replace(/^[\d.]+/, "")] ?? Number.NaN);
}

/** MiB that the engine has on its disk, without the mounts of running containers. */
async function disk(): Promise<number> {
  return Number((await server.exec("du -skx /var/lib/docker")).split("\t")[0]) / 1024;
}

test("preview environments of Mail Tracker: the first and the last", async () => {
  tell("", "| Preview environment | up, s | up again, s | memory, MiB | disk, MiB |", "|---|---|---|---|---|");
  for (let index = 1; index <= COUNT; index++) {
    const name = `pr-${index}`;
    const before = await disk();
    const up = () => execa(PROGRAM, ["preview-env", "up", name], deployment.execOptions);
    const [first, again] = [await seconds(up), await seconds(up)];
    const cells = [first, again, await memoryOf(`preview-${name}`), (await disk()) - before];
    tell(row(index, ...cells.map((cell) => cell.toFixed(1))));
  }
});
