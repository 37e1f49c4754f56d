import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { installPulumi } from "../../../../components/cli/engine/install.mts";

let home: string;
let proxy: Server;
/** Hosts that the proxy was asked to connect to. */
let asked: string[];
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "install-"));
  asked = [];
  proxy = createServer().on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  const { port } = proxy.address() as AddressInfo;
  vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${port}`);
  vi.stubEnv("NO_PROXY", "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  proxy.close();
  rmSync(home, { recursive: true });
});

test("Pulumi is downloaded through the proxy of the environment, and a failure says what to do", async () => {
  await expect(installPulumi(home, process.cwd())).rejects.toThrow(
    /^Pulumi is not on PATH, and its download failed \(https:\/\/get\.pulumi\.com\/\S+: .*403.*\)\.\nInstall it/,
  );
  expect(asked).toEqual(["get.pulumi.com:443"]);
  expect(readdirSync(home)).toEqual([]);
});
