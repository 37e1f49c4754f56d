import { existsSync, readdirSync, readFileSync } from "node:fs";
import { request as plainRequest } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { rootCertificates } from "node:tls";

export interface Answer {
  status: number;
  /** The header WWW-Authenticate. */
  challenge: string;
  /** The header Docker-Content-Digest. */
  digest: string;
  body: string;
}

interface Options {
  method?: "GET" | "HEAD";
  headers?: Record<string, string | undefined>;
  /** Timeout in milliseconds. Default: 10 s. */
  timeout?: number;
}

/** Sends a request to a registry or its token service. @throws Error if it does not answer. */
export function sendRequest(url: string, host: string, options: Options = {}): Promise<Answer> {
  const { method = "GET", timeout = 10_000 } = options;
  const headers = Object.fromEntries(Object.entries(options.headers ?? {}).filter(([, value]) => value !== undefined));
  const send = url.startsWith("http:") ? plainRequest : request;
  return new Promise((resolve, reject) => {
    const call = send(url, { method, headers, timeout, ca: authorities(host) }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const header = (name: string) => String(response.headers[name] ?? "");
        resolve({
          status: response.statusCode ?? 0,
          challenge: header("www-authenticate"),
          digest: header("docker-content-digest"),
          body: Buffer.concat(parts).toString(),
        });
      });
    });
    call.on("timeout", () => call.destroy(new Error(`no answer after ${timeout / 1000} s`)));
    call.on("error", reject);
    call.end();
  });
}

/** CA certificates: those that Node.js trusts, and those that Docker and Pulumi use for a private registry. */
function authorities(host: string): string[] {
  const folder = join("/etc/docker/certs.d", host);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".crt")) : [];
  const paths = [
    ...files.map((name) => join(folder, name)),
    process.env["SSL_CERT_FILE"] ?? "",
    process.env["NODE_EXTRA_CA_CERTS"] ?? "",
  ];
  return [...rootCertificates, ...paths.filter(existsSync).map((file) => readFileSync(file, "utf8"))];
}
