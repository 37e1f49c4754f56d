import { createServer, type Server, type Socket, connect as toAddress } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Stands between this machine and a server as a long way would: what is sent arrives later, and is counted. Connections
 * are accepted at once and only then led on, so a handshake of TCP takes no longer; all that follows does.
 */
export class DelayProxy {
  /** Milliseconds there and back. May change while nothing is under way. */
  roundTrip = 0;
  /** Bytes that went to the server, and that came from it. */
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

  /** Bytes both ways. */
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
      // One end that is gone ends the other.
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

  /** Data, or the end of it. Timers of the same length come in the order in which they were set. */
  async #pass(data: Buffer | undefined, to: Socket): Promise<void> {
    if (this.roundTrip > 0) await sleep(this.roundTrip / 2);
    if (data) to.write(data);
    else to.end();
  }
}
