import type { Fetch } from "./web";

/** A post in the API's form. */
export interface Post {
  id: string;
  body: string;
  platform: string;
  status: string;
  detail: string | null;
}

/** A client of Antone's API. */
export class Antone {
  #token = "";

  constructor(
    readonly url: string,
    readonly fetch: Fetch,
  ) {}

  async signIn(password: string): Promise<void> {
    const { token } = await this.#call<{ token: string }>("POST", "/api/session", { password });
    this.#token = token;
  }

  /** Schedules a post that is only logged, the given number of seconds from now. */
  schedule(body: string, seconds = 0, platform = "log"): Promise<Post> {
    const publishAt = new Date(Date.now() + seconds * 1000).toISOString();
    return this.#call("POST", "/api/posts", { platform, body, publishAt });
  }

  posts(): Promise<Post[]> {
    return this.#call("GET", "/api/posts");
  }

  /** @throws when there is none. */
  async post(id: string): Promise<Post> {
    const found = (await this.posts()).find((post) => post.id === id);
    if (!found) throw new Error(`no post ${id}`);
    return found;
  }

  async cancel(id: string): Promise<void> {
    await this.#call("DELETE", `/api/posts/${id}`);
  }

  async release(): Promise<string> {
    return (await this.#call<{ release: string }>("GET", "/api/health/")).release;
  }

  async #call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.fetch(this.url + path, {
      method,
      headers: {
        ...(this.#token && { Authorization: `Bearer ${this.#token}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as Answer;
  }
}
