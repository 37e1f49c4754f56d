import type { Docker } from "./office-story";
import type { Fetch } from "./web";

/** A scan in the API's form. */
export interface Scan {
  id: string;
  url: string;
  scheduled: boolean;
  attempts: number;
  result: { grade: string; file: string; findings: { title: string; level: string }[] } | null;
}

/** A client of SecuLite's API, like its page. */
export class SecuLite {
  #cookies = new Map<string, string>();

  constructor(
    readonly url: string,
    readonly fetch: Fetch,
  ) {}

  async signIn(username: string, password: string): Promise<void> {
    await this.ask("/api/session/");
    const answer = await this.ask("/api/session/", { username, password });
    if (!answer.ok) throw new Error(`signing in: ${answer.status} ${await answer.text()}`);
  }

  /** @throws when it is not accepted. */
  async request(url: string): Promise<string> {
    const answer = await this.ask("/api/scans/", { url });
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as Scan).id;
  }

  async scan(id: string): Promise<Scan> {
    return (await (await this.ask(`/api/scans/${id}/`)).json()) as Scan;
  }

  /** GET, or POST with a body. */
  async ask(path: string, body?: unknown) {
    const answer = await this.fetch(this.url + path, {
      method: body === undefined ? "GET" : "POST",
      redirect: "manual",
      headers: {
        "Content-Type": "application/json",
        Referer: this.url,
        Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        "X-CSRFToken": this.#cookies.get("csrftoken") ?? "",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.#cookies.set(name, value);
    }
    return answer;
  }
}

/** Queries the database directly; one row per line, columns separated by `|`. */
export async function sql(docker: Docker, postgres: string, query: string): Promise<string[]> {
  const rows = await docker("exec", postgres, "psql", "-U", "seculite_user", "-d", "seculite", "-Atc", query);
  return rows.split("\n").filter((row) => row !== "");
}
