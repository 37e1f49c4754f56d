import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DoorVisitor } from "../support/door-visitor";
import { EdgeNetwork, type RunningEdge } from "../support/edge-container";
import { eventually } from "../support/eventually";
import { FrontDoor } from "../support/front-door";
import { localDocker } from "../support/local-docker";
import { selfSignedCertificate } from "../support/self-signed-certificate";

const TLS = { chain: "/run/secrets/tls/chain.pem", key: "/run/secrets/tls/key.pem", port: 443, renewed: false };
let door: FrontDoor;
let network: EdgeNetwork;
let visitor: DoorVisitor;
const sites: Record<string, RunningEdge> = {};

/** Starts nginx of a site, in the network of the front door by the name of its stack. */
async function site(stack: string, names: string[]): Promise<void> {
  const { certificate, key } = await selfSignedCertificate(names[0] ?? "");
  const nginx = await network.nginx(
    {
      tls: { ...TLS, challenges: "/srv/challenges" },
      frontDoor: { address: door.address, names },
      maxBodySizeMb: 64,
      allow: { "/closed/": ["192.0.2.1"] },
      locations: { "/which/": { nginx: `default_type text/plain;\nreturn 200 "${stack} $remote_addr";` } },
    },
    { [TLS.chain]: certificate, [TLS.key]: key, "/srv/challenges/token": `proof of ${stack}` },
  );
  await localDocker("network", "connect", "--alias", `shop-${stack}.door`, door.name, nginx.container);
  sites[stack] = nginx;
}

beforeAll(async () => {
  door = await FrontDoor.open();
  visitor = new DoorVisitor(door.ports);
  network = await EdgeNetwork.start();
  await site("one", ["one.test", "www.one.test"]);
  await site("two", ["*.two.test"]);
  await site("three_3", ["three.test"]);
  for (const [stack, names] of [
    ["one", ["one.test", "www.one.test"]],
    ["two", ["*.two.test"]],
    ["three_3", ["three.test"]],
  ] as const) {
    expect(await door.route(stack, [...names])).toMatchObject({ exitCode: 0, stderr: "" });
  }
  await eventually(30, async () => {
    for (const name of ["one.test", "a.two.test", "three.test"]) {
      expect((await visitor.ask(name, "/which/")).status).toBe(200);
    }
  });
});

afterAll(async () => {
  await network?.remove();
  await door?.remove();
});

const which = async (name: string, tls: boolean) => (await visitor.ask(name, "/which/", { tls })).text.split(" ")[0];

describe("names", () => {
  test("get the site and the certificate of their stack, in any case and with a port", async () => {
    for (const [name, stack, covered] of [
      ["one.test", "one", "DNS:one.test"],
      ["WWW.One.TEST", "one", "DNS:one.test"],
      ["a.two.test", "two", "DNS:*.two.test"],
      ["three.test", "three_3", "DNS:three.test"],
    ] as const) {
      expect(await which(name, true), name).toBe(stack);
      expect(await visitor.certificate(name), name).toBe(covered);
      const redirect = await visitor.ask(name, "/a?b=c", { tls: false, headers: { Host: `${name}:80` } });
      expect([redirect.status, redirect.headers.location]).toEqual([308, `https://${name.toLowerCase()}/a?b=c`]);
    }
  });

  test("are answered with the challenge of their own site", async () => {
    for (const [name, stack] of [
      ["one.test", "one"],
      ["three.test", "three_3"],
    ] as const) {
      const { status, text } = await visitor.ask(name, "/.well-known/acme-challenge/token", { tls: false });
      expect([status, text]).toEqual([200, `proof of ${stack}`]);
    }
  });

  test("that no stack has are refused, without a certificate or page of a site", async () => {
    for (const name of ["four.test", "two.test", "a.b.two.test", "=", ""]) {
      await expect(visitor.certificate(name), name).rejects.toThrow(/unrecognized.name/i);
      const { status, text } = await visitor.ask(name, "/", { tls: false });
      expect(status, name).toBeGreaterThanOrEqual(400);
      expect(text, name).not.toMatch(/one|three/);
    }
    expect((await visitor.ask("four.test", "/", { tls: false })).text).toBe(
      "There is no site with this name on this server.\n",
    );
  });

  test("are found in a first message of TLS that arrives in pieces", async () => {
    expect(await visitor.certificateInPieces("one.test")).toBe("DNS:one.test");
  });

  test("of another stack are refused with their owner, and all routes stay", async () => {
    for (const step of ["join", "route"] as const) {
      const { exitCode, stderr } = await door[step]("two", ["*.two.test", "www.one.test"]);
      expect(exitCode, step).toBe(1);
      expect(stderr, step).toContain("The name www.one.test belongs to the site of the stack one of shop");
    }
    expect(await door.join("one", ["one.test", "www.one.test"])).toMatchObject({ exitCode: 0 });
    expect(await which("www.one.test", true)).toBe("one");
    expect(await which("a.two.test", true)).toBe("two");
  });

  test("of requests on one connection for HTTP are told apart", async () => {
    const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
    const seen: string[] = [];
    for (const name of ["one.test", "three.test", "four.test", "one.test"]) {
      seen.push((await visitor.ask(name, "/.well-known/acme-challenge/token", { tls: false, agent })).text.trim());
    }
    agent.destroy();
    const none = "There is no site with this name on this server.";
    expect(seen).toEqual(["proof of one", "proof of three_3", none, "proof of one"]);
  });

  test("of another site on a connection over HTTP/2 are misdirected requests", async () => {
    expect((await visitor.askHttp2("one.test")).status).toBe(200);
    expect((await visitor.askHttp2("one.test", "three.test")).status).toBe(421);
  });
});

describe("visitors' addresses", () => {
  /** Runs curl in a container of the front door's network. */
  const curl = (...words: string[]) =>
    localDocker("exec", sites["three_3"]?.container ?? "", "curl", "--silent", "--show-error", "--insecure", ...words);
  const addressOf = (container: string) => {
    const format = `{{(index .NetworkSettings.Networks "${door.name}").IPAddress}}`;
    return localDocker("inspect", "--format", format, container);
  };

  test("reach the site's limits, logs and service, over HTTP and HTTPS", async () => {
    const own = await addressOf(sites["three_3"]?.container ?? "");
    expect(await curl("--connect-to", `::${door.address}:443`, "https://one.test/which/")).toBe(`one ${own}`);
    const { headers } = JSON.parse(await curl("--connect-to", `::${door.address}:443`, "https://one.test/"));
    expect(headers).toMatchObject({ "x-real-ip": own, "x-forwarded-for": own, "x-forwarded-proto": "https" });
    await curl("--connect-to", `::${door.address}:80`, "http://one.test/seen-over-http");
    await eventually(10, async () => {
      const logs = await localDocker("logs", sites["one"]?.container ?? "");
      expect(logs).toMatch(
        new RegExp(`^\\{.*"client":"${own.replaceAll(".", "\\.")}".*"method":"GET".*"uri":"/seen-over-http"`, "m"),
      );
    });
  });

  test("cannot be forged, neither by a header nor by another container that speaks the protocol", async () => {
    const [own, site] = await Promise.all([
      addressOf(sites["three_3"]?.container ?? ""),
      addressOf(sites["one"]?.container ?? ""),
    ]);
    const direct = ["--connect-to", `::${site}:443`, "--haproxy-protocol", "--haproxy-clientip", "192.0.2.1"];
    expect(await curl(...direct, "https://one.test/which/")).toBe(`one ${own}`);
    expect(
      await curl(...direct, "--output", "/dev/null", "--write-out", "%{http_code}", "https://one.test/closed/"),
    ).toBe("403");
    const header = ["--connect-to", `::${door.address}:443`, "--header", "X-Forwarded-For: 192.0.2.1"];
    expect(await curl(...header, "https://one.test/which/")).toBe(`one ${own}`);
  });

  test("are needed: nginx refuses a connection without them", async () => {
    const site = await addressOf(sites["one"]?.container ?? "");
    await expect(curl("--connect-to", `::${site}:443`, "https://one.test/which/")).rejects.toThrow();
  });
});

describe("connections", () => {
  test("carry WebSockets, over HTTPS", async () => {
    const socket = visitor.socket("one.test", "/live");
    await opened(socket);
    expect(await echo(socket, "ahoy")).toBe("ahoy");
    socket.close();
  });

  test("carry large uploads, downloads and headers", async () => {
    const body = Buffer.alloc(48 * 1024 * 1024, "x");
    const { status, text } = await visitor.ask("one.test", "/", { method: "POST", body });
    expect([status, JSON.parse(text).body]).toEqual([200, body.length]);
    expect((await visitor.ask("one.test", "/header?size=30720")).headers["x-large"]).toHaveLength(30_720);
    const many = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`X-Part-${index}`, "x".repeat(3840)]));
    expect((await visitor.ask("one.test", "/", { headers: many })).status).toBe(200);
    expect((await visitor.ask("one.test", "/", { tls: false, headers: many })).status).toBe(308);
  });
});

describe("the front door", () => {
  test("is a container without privileges, with a sandbox that owns the ports", async () => {
    const [running = ""] = await door.running();
    const [{ HostConfig, Config, Mounts }] = JSON.parse(await localDocker("inspect", running));
    expect(Config.User).toBe("99:99");
    expect(HostConfig).toMatchObject({ CapDrop: ["ALL"], ReadonlyRootfs: true, SecurityOpt: ["no-new-privileges"] });
    expect(Mounts.map(({ Name, RW }: { Name: string; RW: boolean }) => [Name, RW])).toEqual([[door.name, false]]);
    expect(await localDocker("port", door.sandbox)).toContain("443/tcp");
  });

  test("takes new routes and is replaced under load without a failed request or a closed WebSocket", async () => {
    const sockets = [visitor.socket("one.test", "/live"), visitor.socket("a.two.test", "/live")];
    await Promise.all(sockets.map(opened));
    const before = await door.running();
    const steps: string[] = [];
    const { answered, failed } = await underLoad(async () => {
      for (let round = 1; round <= 3; round++) {
        steps.push(`${new Date().toISOString()} new route`);
        expect(await door.route("four", [`four-${round}.test`])).toMatchObject({ exitCode: 0 });
        steps.push(`${new Date().toISOString()} replacement`);
        const replaced = await door.route("one", ["one.test", "www.one.test"], { version: 10 + round });
        expect(replaced).toMatchObject({ exitCode: 0, stdout: "" });
        steps.push(`${new Date().toISOString()} replaced`);
        await sleep(1500);
      }
      expect(await door.leave("four")).toMatchObject({ exitCode: 0 });
    });
    expect(failed, JSON.stringify({ answered, steps })).toEqual([]);
    expect(Math.min(...Object.values(answered))).toBeGreaterThan(20);
    console.log("answered under load:", answered);
    for (const socket of sockets) expect(await echo(socket, "still here")).toBe("still here");
    const after = await door.running();
    // The first one still has the WebSockets.
    expect(after).toEqual(expect.arrayContaining(before));
    for (const socket of sockets) socket.close();
    await eventually(20, async () => expect(await door.running()).toHaveLength(1));
  });

  test("stays as it is for a deployment with an older version, and if a newer one does not start", async () => {
    await eventually(20, async () => expect(await door.running()).toHaveLength(1));
    const before = await door.running();
    await door.route("one", ["one.test", "www.one.test"], { version: 1 });
    expect(await door.running()).toEqual(before);
    const broken = await door.route("one", ["one.test", "www.one.test"], { version: 99, configuration: "nonsense" });
    expect(broken).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("WARNING: the front door of version 99"),
    });
    expect(await door.running()).toEqual(before);
    expect(await which("one.test", true)).toBe("one");
  });

  test("passes on to all other sites while one does not run, and to that one again when it is back", async () => {
    await localDocker("stop", "--time", "1", sites["one"]?.container ?? "");
    await sleep(1500);
    expect(await which("three.test", true)).toBe("three_3");
    const { status, headers } = await visitor.ask("one.test", "/", { tls: false });
    expect([status, headers["retry-after"]]).toEqual([503, "5"]);
    await expect(visitor.certificate("one.test")).rejects.toThrow();
    await localDocker("start", sites["one"]?.container ?? "");
    await eventually(15, async () => expect(await which("one.test", true)).toBe("one"));
  });

  test("is back with its routes after a restart of its containers", async () => {
    const [running = ""] = await door.running();
    await localDocker("stop", "--time", "1", running, door.sandbox);
    await localDocker("start", door.sandbox);
    await localDocker("start", running);
    await eventually(15, async () => {
      expect(await which("one.test", true)).toBe("one");
      expect(await which("a.two.test", true)).toBe("two");
    });
  });

  test("forgets a site that leaves, and is removed after the last one", async () => {
    expect(await door.leave("three_3")).toMatchObject({ exitCode: 0 });
    await expect(visitor.certificate("three.test")).rejects.toThrow();
    expect(await which("one.test", true)).toBe("one");
    await door.close();
    expect(await door.running(), "there are other sites").toHaveLength(1);
    for (const stack of ["one", "two"]) expect(await door.leave(stack)).toMatchObject({ exitCode: 0 });
    for (const { container } of Object.values(sites)) {
      await localDocker("network", "disconnect", door.name, container);
    }
    expect(await door.close()).toMatchObject({ stdout: "The front door of the server is removed with its last site." });
    const left = ["ps --all", "volume ls", "network ls"].map((list) =>
      localDocker(...list.split(" "), "--quiet", "--filter", `name=${door.name}`),
    );
    expect(await Promise.all(left)).toEqual(["", "", ""]);
    expect(await door.leave("one"), "a removal that is repeated").toMatchObject({ exitCode: 0 });
  });
});

/** Requests of several kinds at once while `work` is under way. */
async function underLoad(work: () => Promise<void>) {
  const answered: Record<string, number> = {};
  const failed: string[] = [];
  let done = false;
  const kept = { tls: new HttpsAgent({ keepAlive: true, maxSockets: 4 }), plain: new HttpAgent({ keepAlive: true }) };
  const kinds: Record<string, () => Promise<boolean>> = {
    "HTTPS, new connection": async () => (await visitor.ask("one.test", "/which/")).status === 200,
    "HTTPS, kept connection": async () =>
      (await visitor.ask("three.test", "/which/", { agent: kept.tls })).status === 200,
    "HTTP/2": async () => (await visitor.askHttp2("one.test")).status === 200,
    "HTTP, new connection": async () => (await visitor.ask("a.two.test", "/", { tls: false })).status === 308,
    "HTTP, kept connection": async () =>
      (await visitor.ask("one.test", "/", { tls: false, agent: kept.plain })).status === 308,
    "slow response": async () => (await visitor.ask("three.test", "/?wait=1000")).status === 200,
  };
  const repeat = async ([kind, request]: [string, () => Promise<boolean>]) => {
    while (!done) {
      try {
        if (!(await request())) throw new Error("another status");
        answered[kind] = (answered[kind] ?? 0) + 1;
      } catch (error) {
        failed.push(`${new Date().toISOString()} ${kind}: ${error}`);
      }
    }
  };
  const all = [...Object.entries(kinds), ...Object.entries(kinds)].map(repeat);
  try {
    await work();
  } finally {
    done = true;
    await Promise.all(all);
    kept.tls.destroy();
    kept.plain.destroy();
  }
  return { answered, failed };
}

type Socket = ReturnType<DoorVisitor["socket"]>;

function opened(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("the WebSocket did not open")));
  });
}

function echo(socket: Socket, text: string): Promise<unknown> {
  const heard = new Promise<unknown>((resolve, reject) => {
    socket.addEventListener("message", ({ data }) => resolve(data), { once: true });
    socket.addEventListener("close", () => reject(new Error("the WebSocket was closed")), { once: true });
  });
  socket.send(text);
  return heard;
}
