import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maintenancePage } from "../../components/cli/maintenance/page.mts";
import { hashed } from "../../components/edge/password-files";
import { onServer } from "../../components/remote/run.mts";
import { testLabel } from "../servers/stale-containers";
import { EdgeNetwork, type RunningEdge } from "../support/edge-container";
import { eventually } from "../support/eventually";
import { localDocker } from "../support/local-docker";
import { selfSignedCertificate } from "../support/self-signed-certificate";

const TLS = { chain: "/run/secrets/tls/chain.pem", key: "/run/secrets/tls/key.pem" };
const PASSWORD = "correct horse: battery staple ß";
const anyone = "0.0.0.0/0";
const nobody = "192.0.2.1";
let network: EdgeNetwork;
let edge: RunningEdge;
let secure: RunningEdge;

beforeAll(async () => {
  network = await EdgeNetwork.start();
  edge = await network.nginx(
    {
      contentSecurityPolicy: "",
      socketIdle: 3,
      drainSeconds: 2,
      httpPort: 8080,
      locations: {
        "/site/": { files: "/srv/site", fallback: "index.html" },
        "/assets/": { files: "/srv/site/", immutable: true },
        "/old/": { redirect: "/new/" },
        "/elsewhere/": { redirect: "https://example.net/x" },
        "/words/": { nginx: "default_type text/plain;\nreturn 200 mine;" },
      },
      redirects: { "www.example.org": "example.org" },
      allow: { "/closed": [nobody], "/closed/open/": [anyone], "/v1.0/": [nobody] },
      passwords: { "/admin": "/run/secrets/passwords-1", "/closed/": "/run/secrets/passwords-1" },
    },
    {
      "/srv/site/index.html": "content of the page",
      "/srv/site/style.css": "the style",
      "/run/secrets/passwords-1": hashed({ ada: PASSWORD }, "/admin", "a key"),
    },
  );
  const { certificate, key } = await selfSignedCertificate("example.org");
  secure = await network.nginx(
    {
      tls: { ...TLS, port: 443, renewed: false, challenges: "/srv/challenges" },
      redirects: { "www.example.org": "example.org" },
      allow: { "/": [nobody] },
      passwords: { "/": "/run/secrets/passwords-1" },
    },
    {
      [TLS.chain]: certificate,
      [TLS.key]: key,
      "/srv/challenges/token": "proof",
      "/run/secrets/passwords-1": hashed({ ada: PASSWORD }, "/", "a key"),
    },
  );
  await eventually(30, async () => {
    expect((await edge.ask("/")).status).toBe(200);
    expect((await secure.ask("/")).status).toBe(308);
  });
});

afterAll(() => network?.remove());

const basic = (password: string) => ({ Authorization: `Basic ${Buffer.from(`ada:${password}`).toString("base64")}` });

describe("a site without a template and a Dockerfile", () => {
  test("sends requests to its service, with the host names of the request", async () => {
    const { status, text } = await edge.ask("/a%20b/../c?d=e", { headers: { Host: "example.org:8080" } });
    expect(status).toBe(200);
    const { url, headers } = JSON.parse(text);
    expect(url).toBe("/a%20b/../c?d=e");
    expect(headers).toMatchObject({ host: "example.org:8080", "x-forwarded-proto": "http" });
    expect(headers).not.toHaveProperty("upgrade");
    expect(headers).not.toHaveProperty("connection");
  });

  test("passes bodies on, and answers an oversized one with its own page", async () => {
    expect(JSON.parse((await edge.ask("/", { method: "POST", body: "x".repeat(300_000) })).text).body).toBe(300_000);
    const large = await edge.ask("/", { method: "POST", body: "x".repeat(21 * 1024 * 1024) });
    expect([large.status, large.text]).toEqual([413, expect.stringContaining("Nothing was saved")]);
  });

  test("reuses connections to the service for ordinary requests", async () => {
    const connections = new Set<number>();
    for (let count = 0; count < 10; count++) connections.add(JSON.parse((await edge.ask("/")).text).connection);
    // One for each of nginx's processes and each of the upstream's two entries.
    expect(connections.size).toBeLessThan(6);
  });

  test("answers errors with pages for people and JSON for programs", async () => {
    const page = await edge.ask("/assets/absent.css");
    expect([page.status, page.headers["content-type"]]).toEqual([404, "text/html"]);
    expect(page.text).toContain("<title>Not found – Example</title>");
    expect(page.headers["x-frame-options"]).toBe("SAMEORIGIN");
    const style = await edge.ask("/_errors/style.css");
    expect([style.status, style.headers["content-type"]]).toEqual([200, "text/css"]);
    for (const page of ["/_errors/unavailable.html", "/_errors/unavailable.json", "/_errors/"]) {
      expect((await edge.ask(page)).status, page).toBe(404);
    }
  });

  test("keeps the service's content security policy", async () => {
    expect((await edge.ask("/policy")).headers["content-security-policy"]).toBe("default-src 'none'");
  });
});

describe("maintenance", () => {
  const stack = { sshPrefix: "", project: "berth-edge", stack: "maintenance" };
  const state = { since: "", by: "ada", message: "Back <soon>", retryAfter: 600, allow: [] };
  const volume = "berth-edge-maintenance-nginx-maintenance";
  const labels = ["project=berth-edge", "stack=maintenance", "service=nginx", "healthPath=/alive"];
  const options = [
    ...labels.flatMap((label) => ["--label", `berth.${label}`]),
    ...["--mount", `type=volume,source=${volume},target=/srv/maintenance,readonly`],
  ];
  let sites: RunningEdge[];

  beforeAll(async () => {
    await localDocker("volume", "create", ...testLabel, volume);
    const site = () => network.nginx({ healthPath: "/alive", passwords: { "/": "/run/secrets/none" } }, {}, options);
    // Two at once, as in a release.
    sites = [await site(), await site()];
    for (const one of sites) await eventually(30, async () => expect((await one.ask("/")).status).toBe(401));
  });
  afterAll(async () => {
    await localDocker("rm", "--force", "--volumes", ...sites.map(({ container }) => container));
    await localDocker("volume", "rm", volume);
  });

  const turn = (...words: string[]) => onServer(stack, "maintenance.sh", { words });
  const turnOn = (seconds: number, ...addresses: string[]) => {
    const { html, json } = maintenancePage(state.message);
    const texts = [html, json, JSON.stringify(state)].map((text) => Buffer.from(text).toString("base64"));
    return turn("on", String(seconds), ...texts, ...addresses);
  };
  const every = async (expected: number, path = "/") => {
    for (const one of sites) {
      await eventually(10, async () => expect((await one.ask(path)).status).toBe(expected));
    }
  };

  test("shows visitors the owner's words with Retry-After, in every nginx, without a reload", async () => {
    await turnOn(600);
    await every(503);
    for (const one of sites) {
      const page = await one.ask("/some/page");
      expect([page.status, page.headers["retry-after"], page.headers["content-type"]]).toEqual([
        503,
        "600",
        "text/html",
      ]);
      expect(page.headers["cache-control"]).toBe("no-store");
      expect(page.text).toContain("Back &lt;soon&gt;");
      const answer = await one.ask("/api/letters", { method: "POST", body: "x" });
      expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "600"]);
      expect(JSON.parse(answer.text)).toEqual({ detail: "Back <soon>" });
    }
  });

  test("lets health checks, the page's style and berth status pass, and takes a new number of seconds", async () => {
    await turnOn(90);
    const [one] = sites as [RunningEdge];
    await eventually(10, async () => expect((await one.ask("/")).headers["retry-after"]).toBe("90"));
    // The password of the site still applies.
    expect((await one.ask("/alive")).status).toBe(401);
    expect((await one.ask("/alive/more")).status).toBe(503);
    expect((await one.ask("/_errors/style.css")).status).toBe(200);
    expect((await one.ask("/_maintenance/page.html")).status).toBe(404);
    expect(await one.askInside("http://127.0.0.1/")).not.toBe("503");
    expect(await localDocker("exec", one.container, "cat", "/srv/maintenance/on")).toBe(JSON.stringify(state));
  });

  test("lets chosen addresses pass, and survives a restart", async () => {
    const gateways = await localDocker(
      "network",
      "inspect",
      "--format",
      "{{range .IPAM.Config}}{{.Gateway}} {{end}}",
      network.name,
    );
    // The address of this test is Docker's gateway.
    await turnOn(600, ...gateways.trim().split(" "));
    await every(401);
    await turnOn(600, "192.0.2.1");
    await every(503);
    await localDocker("restart", "--time", "1", ...sites.map(({ container }) => container));
    await every(503);
  });

  test("ends when it is turned off", async () => {
    await turn("off");
    await every(401);
    expect((await sites[0]?.ask("/_maintenance/page.html"))?.status).toBe(404);
  });
});

describe("F03: a site behind a proxy that ends TLS", () => {
  const fromProxy = { "X-Forwarded-For": "192.0.2.99, 198.51.100.7", "X-Forwarded-Proto": "https" };
  const told = async (site: RunningEdge, headers: Record<string, string>) => {
    const { text } = await site.ask("/", { headers: { Host: "mail.example.org", ...headers } });
    const { "x-real-ip": client, "x-forwarded-proto": scheme, "x-forwarded-for": chain } = JSON.parse(text).headers;
    return { client, scheme, chain };
  };

  test("tells the service the visitor's scheme and address, if the proxy is a trusted one", async () => {
    // The address of this test is Docker's gateway.
    const behind = await network.nginx({
      trustedProxies: ["172.16.0.0/12", "192.168.0.0/16", "10.0.0.0/8"],
      redirects: { "www.example.org": "example.org" },
    });
    await eventually(30, async () => expect((await behind.ask("/")).status).toBe(200));
    const { chain, ...rest } = await told(behind, fromProxy);
    expect(rest).toEqual({ client: "198.51.100.7", scheme: "https" });
    expect(chain).toMatch(/^192\.0\.2\.99, 198\.51\.100\.7, \d+\.\d+\.\d+\.\d+$/);
    expect((await told(behind, {})).scheme).toBe("http");
    expect((await told(behind, { "X-Forwarded-Proto": "gopher" })).scheme).toBe("http");
    const headers = { Host: "www.example.org", ...fromProxy };
    expect((await behind.ask("/x", { headers })).headers.location).toBe("https://example.org/x");
  });

  test("ignores the headers of everybody else", async () => {
    const other = await network.nginx({ trustedProxies: ["192.0.2.1"] });
    await eventually(30, async () => expect((await other.ask("/")).status).toBe(200));
    for (const site of [edge, other]) {
      const { client, scheme } = await told(site, fromProxy);
      expect(scheme).toBe("http");
      expect(client).not.toMatch(/^(198|192\.0)/);
    }
    expect((await told(other, fromProxy)).chain).not.toContain("198.51.100.7");
  });
});

describe("F06: WebSockets", () => {
  test("connect and echo", async () => {
    const socket = await edge.socket("/live").open();
    expect(await socket.echo("ahoy")).toBe("ahoy");
    socket.close();
  });

  test("stay open while there is traffic, and for the idle timeout after; other requests may take longer", async () => {
    const slow = edge.ask("/?wait=5000");
    const socket = await edge.socket("/live").open();
    for (const text of ["one", "two"]) {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      expect(await socket.echo(text)).toBe(text);
    }
    const closed = await socket.closed;
    expect(closed).toBeGreaterThan(6.5);
    expect(closed).toBeLessThan(10);
    expect((await slow).status).toBe(200);
  });

  test("are the only protocol a connection can upgrade to", async () => {
    const { status, text } = await edge.ask("/", {
      headers: { Upgrade: "h2c", Connection: "Upgrade, HTTP2-Settings" },
    });
    expect(status).toBe(200);
    expect(JSON.parse(text).headers).not.toHaveProperty("upgrade");
  });

  test("require the password and the client address that the path requires", async () => {
    await expect(edge.socket("/admin/live").open()).rejects.toThrow();
    await expect(edge.socket("/closed/live").open()).rejects.toThrow();
    const upgrade = { Upgrade: "websocket", Connection: "Upgrade" };
    expect((await edge.ask("/admin/live", { headers: upgrade })).status).toBe(401);
    expect((await edge.ask("/closed/live", { headers: upgrade })).status).toBe(403);
  });
});

describe("F07: headers", () => {
  test("of a response may have 30 KB; for 33 KB, the edge answers with its error page", async () => {
    expect((await edge.ask("/header?size=30720")).headers["x-large"]).toHaveLength(30_720);
    const page = await edge.ask("/header?size=33792");
    expect([page.status, page.text]).toEqual([502, expect.stringContaining("Example does not respond at the moment")]);
  });

  test("of a request may have 30 KB, in one or in all; 33 KB in one are refused", async () => {
    const one = await edge.ask("/", { headers: { "X-Large": "x".repeat(30_720) } });
    expect(JSON.parse(one.text).headers["x-large"]).toHaveLength(30_720);
    const many = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`X-Part-${index}`, "x".repeat(3840)]));
    expect((await edge.ask("/", { headers: many })).status).toBe(200);
    expect((await edge.ask("/", { headers: { "X-Large": "x".repeat(33_792) } })).status).toBe(400);
  });
});

describe("locations", () => {
  test("serve files with a cache lifetime, and a page for a missing file", async () => {
    expect(await edge.ask("/site/style.css")).toMatchObject({
      status: 200,
      text: "the style",
      headers: { "cache-control": "no-cache", "content-type": "text/css" },
    });
    for (const path of ["/site/", "/site/some/where"])
      expect((await edge.ask(path)).text, path).toBe("content of the page");
    const kept = await edge.ask("/assets/style.css");
    expect(kept.headers["cache-control"]).toBe("max-age=31536000, public, immutable");
    // No path leads out of the folder.
    for (const path of [
      "/assets../site/style.css",
      "/assets/../../etc/nginx/nginx.conf",
      "/assets/%2e%2e/index.html",
    ]) {
      expect((await edge.ask(path)).text, path).not.toMatch(/content of the page|the style|worker_processes/);
    }
  });

  test("redirect with the query, to the host and port of the request", async () => {
    expect(await edge.ask("/old/x?y=z")).toMatchObject({ status: 308, headers: { location: "/new/?y=z" } });
    expect(await edge.ask("/elsewhere/")).toMatchObject({
      status: 308,
      headers: { location: "https://example.net/x" },
    });
  });

  test("may be written in nginx's syntax", async () => {
    expect(await edge.ask("/words/")).toMatchObject({ status: 200, text: "mine" });
  });
});

describe("redirects between names", () => {
  test("keep path, query and method, over HTTP", async () => {
    const headers = { Host: "www.example.org:8080" };
    expect(await edge.ask("/a%20b/c?d=e&f", { method: "POST", headers })).toMatchObject({
      status: 308,
      headers: { location: "http://example.org:8080/a%20b/c?d=e&f" },
    });
    expect((await edge.ask("/", { headers: { Host: "example.org" } })).status).toBe(200);
  });

  test("go straight to HTTPS when there is a certificate, and work over HTTPS as well", async () => {
    const headers = { Host: "www.example.org" };
    for (const tls of [false, true]) {
      expect(await secure.ask("/a?b=c", { headers, tls })).toMatchObject({
        status: 308,
        headers: { location: "https://example.org/a?b=c" },
      });
    }
  });
});

describe("passwords", () => {
  test("are required at the path and below it, in any spelling of the path", async () => {
    for (const path of ["/admin", "/admin/", "/admin/x", "/ADMIN/x", "//admin/x", "/x/../admin/x", "/%61dmin/x"]) {
      const { status, headers, text } = await edge.ask(path);
      expect({ path, status }).toEqual({ path, status: 401 });
      expect(headers["www-authenticate"]).toBe('Basic realm="Restricted"');
      expect(text).toContain("a user name and a password");
    }
    for (const path of ["/", "/administrator", "/x/admin"]) expect((await edge.ask(path)).status, path).toBe(200);
  });

  test("give access when they are correct, and are not passed to the service", async () => {
    const right = await edge.ask("/admin/", { headers: basic(PASSWORD) });
    expect(right.status).toBe(200);
    expect(JSON.parse(right.text).headers).not.toHaveProperty("authorization");
    expect((await edge.ask("/admin/", { headers: basic("wrong") })).status).toBe(401);
    const token = await edge.ask("/elsewhere-not/", { headers: { Authorization: "Bearer token" } });
    expect(JSON.parse(token.text).headers.authorization).toBe("Bearer token");
  });
});

describe("allow-lists", () => {
  test("refuse other addresses with a page, at the path and below it", async () => {
    for (const path of ["/closed", "/closed/x", "/Closed/x", "//closed/x", "/v1.0/x"]) {
      const { status, text } = await edge.ask(path);
      expect({ path, status }).toEqual({ path, status: 403 });
      expect(text).toContain("You are not allowed to open this page");
    }
    for (const path of ["/", "/closed-not", "/v1x0/x"]) expect((await edge.ask(path)).status, path).toBe(200);
  });

  test("of a longer path take precedence there; a password is still required", async () => {
    expect((await edge.ask("/closed/open/x")).status).toBe(401);
    expect((await edge.ask("/closed/open/x", { headers: basic(PASSWORD) })).status).toBe(200);
  });
});

describe("a site that is closed as a whole", () => {
  test("refuses visitors", async () => {
    expect((await secure.ask("/", { tls: true })).status).toBe(403);
    expect((await secure.ask("/_errors/style.css", { tls: true })).status).toBe(200);
  });

  test("still answers its health check, an authority and `make status`", async () => {
    expect(await secure.askInside("http://edge/", "--unix-socket", "/run/nginx/edge.sock")).toBe("200");
    expect(await secure.ask("/.well-known/acme-challenge/token")).toMatchObject({ status: 200, text: "proof" });
    const asVisitor = ["--insecure", "--connect-to", "::127.0.0.1:443"];
    expect(await secure.askInside("https://example.org/health", ...asVisitor)).toBe("200");
  });
});

test("nginx logs no warning about its configuration, neither at start nor for a request", async () => {
  for (const { container } of [edge, secure]) {
    const { all } = await execa("docker", ["logs", container], { all: true });
    // Log lines about a connection have its number.
    const warnings = /\[warn\] \d+#\d+: (?!\*)|\[(alert|emerg|crit)\]|uninitialized/;
    expect(all.split("\n").filter((line) => warnings.test(line))).toEqual([]);
  }
});

test("a replaced nginx closes open WebSockets when its drain time ends, and exits cleanly", async () => {
  const drained = await network.nginx({ drainSeconds: 4 });
  await eventually(30, async () => expect((await drained.ask("/")).status).toBe(200));
  const socket = await drained.socket("/live").open();
  await localDocker("kill", "--signal", "QUIT", drained.container);
  expect(await socket.echo("still here")).toBe("still here");
  const closed = await socket.closed;
  expect(closed).toBeGreaterThan(3);
  expect(closed).toBeLessThan(8);
  expect(await localDocker("wait", drained.container)).toBe("0");
});

test("without its service, the site answers with an error page for people and JSON for programs", async () => {
  await network.stopUpstream();
  const page = await edge.ask("/");
  expect([page.status, page.headers["retry-after"]]).toEqual([expect.toBeOneOf([502, 504]), "5"]);
  expect(page.text).toContain("Example does not respond at the moment");
  expect(JSON.parse((await edge.ask("/api/x")).text).detail).toContain("Example does not respond at the moment");
});
