import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Agent, Dispatcher } from "undici";
import type { MailTracker } from "./mail-tracker";
import { pdf } from "./pdf";

/** What clients experienced during an action. */
export interface Met {
  /** Successful requests, by kind. */
  answered: Record<string, number>;
  /** The errors of the failed ones. */
  failed: string[];
  /** References of the mails whose registration was confirmed. */
  registered: string[];
}

/** A path that takes 20 seconds to answer, and the path of a long PDF. */
export interface LoadTarget {
  site: MailTracker;
  slowPath: string;
  pdfPath: string;
  /** A mail for attachments. */
  mail: number;
  /** Opens connections that are not kept. */
  fresh: () => Agent;
}

const LONGEST = 900_000;

/**
 * All kinds of requests at once, until the work is done, 15 minutes at most: pages on kept and new connections, mails
 * registered, a PDF uploaded slowly, one downloaded slowly, and a request of 20 seconds.
 */
export async function underLoad(target: LoadTarget, work: () => Promise<unknown>): Promise<Met> {
  const met: Met = { answered: {}, failed: [], registered: [] };
  const end = Date.now() + LONGEST;
  let done = false;
  const kinds = requests(target, met);
  const repeat = async ([kind, request]: [string, () => Promise<void>]) => {
    while (!done && Date.now() < end) {
      try {
        await request();
        met.answered[kind] = (met.answered[kind] ?? 0) + 1;
      } catch (error) {
        met.failed.push(`${new Date().toISOString()} ${kind}: ${reason(error)}`);
      }
      // Enough to cover every moment of a release, while leaving processor time for it.
      await sleep(100);
    }
  };
  const people = Object.entries(kinds).map(repeat);
  try {
    await work();
  } finally {
    done = true;
    await Promise.all(people);
  }
  return met;
}

function requests({ site, slowPath, pdfPath, mail, fresh }: LoadTarget, met: Met): Record<string, () => Promise<void>> {
  const get = async (path: string, dispatcher?: Dispatcher) => {
    const answer = await site.get(path, {}, dispatcher);
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`${answer.status}`);
  };
  return {
    "page, kept connection": () => get("/api/mails/?page_size=5"),
    "page, fresh connection": () => once(fresh(), (agent) => get("/api/health/", agent)),
    "mail registered": async () => {
      const reference = `load/${randomBytes(6).toString("hex")}`;
      await site.createMail(reference);
      met.registered.push(reference);
    },
    "20 seconds of work": () => get(slowPath),
    "PDF sent slowly": () => sendSlowly(site, mail),
    // nginx would close an idle kept connection long before its reader finishes.
    "PDF read slowly": () => once(fresh(), (agent) => readSlowly(site, pdfPath, agent)),
  };
}

async function once(agent: Agent, request: (agent: Agent) => Promise<void>): Promise<void> {
  try {
    await request(agent);
  } finally {
    await agent.close();
  }
}

/** A few bytes at a time, over about 15 seconds. */
async function sendSlowly(site: MailTracker, mail: number): Promise<void> {
  const boundary = "----berth";
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="slow.pdf"\r\nContent-Type: application/pdf\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), Buffer.from(await pdf(20)), Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const step = Math.ceil(body.length / 30);
  async function* pieces() {
    for (let at = 0; at < body.length; at += step) {
      yield body.subarray(at, at + step);
      await sleep(500);
    }
  }
  const answer = await site.send(`/api/mails/${mail}/attachments/`, Readable.from(pieces()), {
    "Content-Type": `multipart/form-data; boundary=${boundary}`,
    "Content-Length": String(body.length),
  });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
}

/** At a rate that takes about 15 seconds. */
async function readSlowly(site: MailTracker, path: string, dispatcher: Dispatcher): Promise<void> {
  const answer = await site.get(path, {}, dispatcher);
  const expected = Number(answer.headers.get("content-length"));
  let read = 0;
  for await (const piece of answer.body ?? []) {
    read += (piece as Uint8Array).length;
    await sleep(Math.max(1, ((piece as Uint8Array).length / expected) * 15_000));
  }
  if (answer.status !== 200 || read !== expected) throw new Error(`${answer.status}, ${read} of ${expected} bytes`);
}

function reason(error: unknown): string {
  return error instanceof Error ? String(error.cause ?? error.message) : String(error);
}
