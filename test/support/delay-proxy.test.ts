import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DelayProxy } from "./delay-proxy";

const echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
let proxy: DelayProxy;

beforeAll(async () => {
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
  proxy = await DelayProxy.start({ address: "127.0.0.1", port: (echo.address() as AddressInfo).port });
});

afterAll(() => {
  proxy.stop();
  echo.close();
});

/** The response and its latency in milliseconds. */
async function ask(text: string): Promise<{ answer: string; took: number }> {
  const socket = connect(proxy.port, "127.0.0.1");
  await once(socket, "connect");
  const started = performance.now();
  socket.write(text);
  let answer = "";
  while (answer.length < text.length) answer += String((await once(socket, "data"))[0]);
  socket.destroy();
  return { answer, took: performance.now() - started };
}

test("data arrives complete and in order, delayed and counted", async () => {
  const text = Array.from({ length: 50_000 }, (_, line) => line).join("\n");
  expect((await ask(text)).answer).toBe(text);
  expect([proxy.sent, proxy.received]).toEqual([text.length, text.length]);

  proxy.roundTrip = 80;
  const { answer, took } = await ask(text);
  expect(answer).toBe(text);
  // Timers may fire a millisecond early.
  expect(took).toBeGreaterThan(78);
  expect(proxy.bytes).toBe(4 * text.length);
});
