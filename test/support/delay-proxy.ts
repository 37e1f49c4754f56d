import { createServer, type Server, type Socket, connect as toAddress } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A proxy that simulates latency between this machine and a server and counts the bytes. It accepts connections at once
 * and forwards afterwards, so the TCP handshake is not delayed; everything after it is.
 */
export class DelayProxy {
  /** Round-trip delay in milliseconds. May change while no data is in transit. */
  roundTrip = 0;
  /** Bytes sent to the server, and received from it. */
  sent = 0;
  received = 0;
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly port: number,
    private readonly server: Server,
  ) {}

  /** Listens on this machine's loopback address. */
  static start(target: { address: string; port: number }): Promise<DelayProxy> {
    return new Promise((resolve, reject) => {
      const server = createServer((near) => proxy.#lead(near, toAddress(target.port, target.address)));
      let proxy: DelayProxy;
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        if (address === null || typeof address === "string") return reject(new Error("no port"));
        proxy = new DelayProxy(address.port, server);
        resolve(proxy);
      });
    });
  }

  /** Bytes in both directions. */
  get bytes(): number {
    return this.sent + this.received;
  }

  stop(): void {
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #lead(near: Socket, far: Socket): void {
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      // When one end closes, the other is closed too.
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on("data", (data) => {
      this.sent += data.length;
      this.#pass(data, far);
    });
    far.on("data", (data) => {
      this.received += data.length;
      this.#pass(data, near);
    });
    near.on("end", () => this.#pass(undefined, far));
    far.on("end", () => this.#pass(undefined, near));
  }

  /** Forwards data, or its end. Timers of the same length fire in the order in which they were set. */
  async #pass(data: Buffer | undefined, to: Socket): Promise<void> {
    if (this.roundTrip > 0) await sleep(this.roundTrip / 2);
    if (data) to.write(data);
    else to.end();
  }
}
