import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher, RequestInit } from "undici";
import type { Fetch } from "./web";

export const PASSWORD = "correct horse battery staple";

/** A client of DevPortal with an account and a key. */
export class Portal {
  private constructor(
    readonly url: string,
    readonly fetch: Fetch,
    readonly email: string,
    readonly token: string,
    readonly key: string,
  ) {}

  static async signUp(url: string, fetch: Fetch): Promise<Portal> {
    const email = `${randomBytes(4).toString("hex")}@example.org`;
    await answered(201, fetch(`${url}/api/accounts`, json({ email, password: PASSWORD })));
    const form = new URLSearchParams({ username: email, password: PASSWORD });
    const { access_token } = await answered<{ access_token: string }>(
      200,
      fetch(`${url}/api/token`, { method: "POST", body: form }),
    );
    const bearer = { Authorization: `Bearer ${access_token}` };
    const { key } = await answered<{ key: string }>(201, fetch(`${url}/api/keys`, json({ name: "Story" }, bearer)));
    return new Portal(url, fetch, email, access_token, key);
  }

  /** Requests with the key, which count. */
  get(path: string, dispatcher?: Dispatcher) {
    return this.fetch(this.url + path, { headers: { "X-API-Key": this.key }, ...(dispatcher && { dispatcher }) });
  }

  keep(text: string) {
    return this.fetch(`${this.url}/api/v1/notes`, json({ text }, { "X-API-Key": this.key }));
  }

  async usedToday(): Promise<number> {
    const headers = { Authorization: `Bearer ${this.token}` };
    const [key] = await answered<{ used_today: number }[]>(200, this.fetch(`${this.url}/api/keys`, { headers }));
    return key?.used_today ?? -1;
  }
}

/** What clients experienced during an action. */
export interface Use {
  /** Times of the responses to counted requests, in milliseconds. */
  counted: number[];
  /** Texts of the notes whose creation was confirmed. */
  kept: string[];
  pages: number;
  failures: string[];
}

/**
 * Creates and lists notes and requests pages on kept and new connections, all at once, until the work is done; 15
 * minutes at most.
 */
export async function whileUsed(portal: Portal, fresh: () => Dispatcher, work: () => Promise<unknown>): Promise<Use> {
  const use: Use = { counted: [], kept: [], pages: 0, failures: [] };
  const end = Date.now() + 900_000;
  let done = false;
  const kinds = {
    keep: async () => {
      const text = randomBytes(8).toString("hex");
      await answered(201, portal.keep(text));
      use.kept.push(text);
      use.counted.push(Date.now());
    },
    list: async () => {
      await answered(200, portal.get("/api/v1/notes?limit=3"));
      use.counted.push(Date.now());
    },
    page: async () => {
      await consumed(200, portal.fetch(`${portal.url}/docs`));
      use.pages++;
    },
    "fresh connection": async () => {
      const connection = fresh();
      await consumed(200, portal.fetch(`${portal.url}/sign-in`, { dispatcher: connection }));
      await connection.close();
      use.pages++;
    },
  };
  const users = Object.entries(kinds).map(async ([kind, request]) => {
    while (!done && Date.now() < end) {
      await request().catch((error) => use.failures.push(`${new Date().toISOString()} ${kind}: ${reason(error)}`));
      await sleep(20);
    }
  });
  try {
    await work();
  } finally {
    done = true;
    await Promise.all(users);
  }
  return use;
}

function json(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...headers } };
}

async function answered<T>(status: number, request: ReturnType<Fetch>): Promise<T> {
  return JSON.parse(await consumed(status, request));
}

async function consumed(status: number, request: ReturnType<Fetch>): Promise<string> {
  const answer = await request;
  const body = await answer.text();
  if (answer.status !== status) throw new Error(`${answer.status} ${body.slice(0, 200)}`);
  return body;
}

function reason(error: unknown): string {
  return error instanceof Error ? String(error.cause ?? error.message) : String(error);
}
