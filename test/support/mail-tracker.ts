import type { Readable } from "node:stream";
import { type Dispatcher, FormData, type Response } from "undici";
import { type Fetch, plainFetch } from "./web";

/** A client of Mail Tracker's API. */
export class MailTracker {
  #token = "";

  constructor(
    readonly url: string,
    readonly fetch: Fetch = plainFetch,
  ) {}

  /** The CSRF headers the API requires after the sign-in. */
  get token(): string {
    return this.#token;
  }

  async signIn(username: string, password: string): Promise<void> {
    const answer = await this.post("/api/auth/token/", { username, password });
    if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`);
    const { access } = (await answer.json()) as { access: string };
    this.#token = access;
  }

  /** The initial password allows only choosing another one. */
  async choosePassword(username: string, password: string, chosen: string): Promise<void> {
    const answer = await this.post("/api/auth/password/", { username, password, new_password: chosen });
    if (answer.status !== 204) throw new Error(`choosing a password answered ${answer.status}: ${await answer.text()}`);
  }

  get(path: string, headers: Record<string, string> = {}, dispatcher?: Dispatcher): Promise<Response> {
    return this.fetch(this.url + path, {
      headers: { ...this.#authorization(), ...headers },
      redirect: "manual",
      ...(dispatcher && { dispatcher }),
    });
  }

  /** Posts a raw body. */
  send(path: string, body: Readable, headers: Record<string, string>): Promise<Response> {
    return this.fetch(this.url + path, {
      method: "POST",
      headers: { ...this.#authorization(), ...headers },
      body,
      duplex: "half",
    });
  }

  post(path: string, body: unknown): Promise<Response> {
    return this.fetch(this.url + path, {
      method: "POST",
      headers: { ...this.#authorization(), "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  upload(mail: number, name: string, content: Uint8Array): Promise<Response> {
    const form = new FormData();
    form.set("file", new File([new Uint8Array(content)], name, { type: "application/pdf" }));
    return this.fetch(`${this.url}/api/mails/${mail}/attachments/`, {
      method: "POST",
      headers: this.#authorization(),
      body: form,
    });
  }

  async createMail(reference: string): Promise<number> {
    const answer = await this.post("/api/mails/", {
      reference,
      direction: "in",
      subject: "Invoice for November",
      sender: "Stationery Ltd",
      recipient: "Accounts",
      mail_date: "2026-11-02",
    });
    if (answer.status !== 201) throw new Error(`creating a mail answered ${answer.status}: ${await answer.text()}`);
    const { id } = (await answer.json()) as { id: number };
    return id;
  }

  /** Uploads a PDF and returns its download path. */
  async attach(mail: number, name: string, content: Uint8Array): Promise<string> {
    const answer = await this.upload(mail, name, content);
    if (answer.status !== 201) throw new Error(`the upload answered ${answer.status}: ${await answer.text()}`);
    const { id } = (await answer.json()) as { id: number };
    return `/api/attachments/${id}/file/`;
  }

  async release(): Promise<string> {
    const answer = await this.get("/api/health/");
    return ((await answer.json()) as { release: string }).release;
  }

  #authorization(): Record<string, string> {
    return this.#token === "" ? {} : { Authorization: `Bearer ${this.#token}` };
  }
}
