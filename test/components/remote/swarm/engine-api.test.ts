import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EngineApi, Unreachable } from "../../../../components/remote/swarm/engine-api.mts";
import { writeProgram } from "../../../support/fake-ssh";

const folder = mkdtempSync(join(tmpdir(), "berth-engine-"));
const engine = createServer(async (request, response) => {
  const body = await text(request);
  if (request.url === "/refused") response.writeHead(503).end('{"message":"This node is not a swarm manager."}');
  else response.end(JSON.stringify({ called: `${request.method} ${request.url}`, body }));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
  const { port } = engine.address() as AddressInfo;
  writeProgram(
    folder,
    "ssh",
    `echo "$*" >>${folder}/calls
[ "$1" = up ] || { echo "Connection refused" >&2; exit 255; }
exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port} || exit 1; cat <&0 >&3 & exec cat <&3'`,
  );
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

const api = (server: string) => new EngineApi("beta", `${folder}/ssh ${server}`);

test("an engine answers over docker system dial-stdio", async () => {
  expect(await api("up").get("/info")).toEqual({ called: "GET /info", body: "" });
  await api("up").post("/swarm/join", { JoinToken: "secret" });
});

test("its refusal has the engine's reason and the server's name, and no parameters", async () => {
  await expect(api("up").post("/refused", { JoinToken: "secret" })).rejects.toThrow(
    "Docker on the server beta refuses POST /refused: This node is not a swarm manager.",
  );
});

test("a server that does not answer is told apart, with ssh's reason", async () => {
  const answer = api("down").get("/info");
  await expect(answer).rejects.toBeInstanceOf(Unreachable);
  await expect(answer).rejects.toThrow("Docker on the server beta does not answer: Connection refused");
});
