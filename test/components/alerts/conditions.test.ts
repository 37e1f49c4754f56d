import { spawn } from "node:child_process";
import { once } from "node:events";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NGINX, Receiver, WatchedServer, WEB } from "../../support/alerts";

let receiver: Receiver;
let server: WatchedServer;

beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(() => {
  receiver.stop();
  server.remove();
});

async function watched(...args: ConstructorParameters<typeof WatchedServer>): Promise<WatchedServer> {
  server = new WatchedServer(...args);
  server.targets(`webhook ${receiver.url}/alerts`);
  await server.watch();
  expect(receiver.titles(), "a healthy server sends nothing").toEqual([]);
  return server;
}

interface Fault {
  /** Makes the condition real. */
  begin: () => void;
  end: () => void;
  /** Seconds between two looks at it. Default: 60. */
  every?: number;
  /** Seconds until the watch can see its end. Default: `every`. */
  endsAfter?: number;
  /** Seconds that it lasts before it is reported. Default: 180. */
  patience?: number;
  text: string;
  advice: string;
}

const site = (days: number) => `Start date: ${date(days - 90)}\nExpire date: ${date(days)}\n`;
const date = (days: number) => new Date((1_800_000_000 + days * 86_400) * 1000).toUTCString().slice(5);

const FAULTS: Record<string, Fault> = {
  "an engine that does not answer": {
    begin: () => server.write("engine-down", ""),
    end: () => server.delete("engine-down"),
    text: "The Docker engine does not answer.",
    advice: "systemctl restart docker",
  },
  "a site that answers with an error": {
    begin: () => server.answer("502"),
    end: () => server.answer("200"),
    text: "The site does not answer /alive as it should: 502.",
    advice: "npx berth status --stack prod",
  },
  "a site that does not answer": {
    begin: () => server.answer("000"),
    end: () => server.answer("302"),
    text: "The site does not answer /alive as it should: no answer.",
    advice: "npx berth rollback --stack prod",
  },
  "a stopped container": {
    begin: () => server.containers(NGINX, WEB.replace("running|0|healthy", "exited|137|unhealthy")),
    end: () => server.containers(NGINX, WEB),
    text: "The container web-1 does not run (exited, exit code 137).",
    advice: "npx berth logs web --stack prod",
  },
  "an unhealthy container": {
    begin: () => server.containers(NGINX, WEB.replace("|healthy|", "|unhealthy|")),
    end: () => server.containers(NGINX, WEB),
    text: "The container web-1 is unhealthy.",
    advice: "npx berth status --stack prod",
  },
  "a container that restarts in circles": {
    begin: () => server.containers(NGINX, WEB.replace("|healthy|0|", "|healthy|3|")),
    end: () => undefined,
    endsAfter: 960,
    patience: 0,
    text: "The container web-1 restarts in circles: 3 times in 15 min.",
    advice: "npx berth logs web --stack prod",
  },
  "a front door that does not run": {
    begin: () => server.write("door", "gone\n"),
    end: () => server.delete("door"),
    text: "The front door of the server does not run",
    advice: "docker start berth-door-sandbox",
  },
  "a front door without a route": {
    begin: () => server.write("door", "running\n"),
    end: () => server.write("door", "running\nwww.example.org\n"),
    text: "The front door of the server has no route to the site.",
    advice: "npx berth up --stack prod",
  },
  "backups that failed": {
    begin: () =>
      server.write(
        "backups",
        "Last good backup: a, 3 days ago\nNot well:\n  The last backup failed 5 min ago: Fatal: x\n",
      ),
    end: () => server.write("backups", "Last good backup: b, 5 min ago\n"),
    every: 600,
    patience: 0,
    text: "Backups: The last backup failed.",
    advice: "npx berth backup --stack prod",
  },
  "an archive of point-in-time recovery that is behind": {
    begin: () => server.write("archive", "Point-in-time: the archive of postgres is more than 5 min behind.\n"),
    end: () => server.write("archive", ""),
    text: "Point-in-time: the archive of postgres is more than 5 min behind.",
    advice: "npx berth backups --times --stack prod",
  },
  "a disk that is nearly full": {
    begin: () => server.write("df", "1000 99"),
    end: () => server.write("df", "1000 120"),
    patience: 0,
    text: "Only 9 % of the space on the system's disk are free.",
    advice: "docker image prune",
  },
  "a disk without inodes": {
    begin: () => server.write("inodes", "1000 20"),
    end: () => server.write("inodes", "1000 500"),
    patience: 0,
    text: "Only 2 % of the inodes on the disk with / are free.",
    advice: "docker image prune",
  },
  "a server without memory": {
    begin: () => server.write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 40 kB\n"),
    end: () => server.write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 500 kB\n"),
    text: "Only 4 % of the server's memory are available.",
    advice: "npx berth status --stack prod",
  },
  "a clock that is not synchronized": {
    begin: () => server.write("synchronized", "no"),
    end: () => server.write("synchronized", "yes"),
    patience: 1800,
    text: "The server's clock is not synchronized.",
    advice: "timedatectl set-ntp true",
  },
  "security updates that nobody installs": {
    begin: () => server.write("upgrades", "Inst libc6 [2.39-1] (2.39-2 Ubuntu:24.04/noble-security [amd64])\n"),
    end: () => server.write("upgrades", ""),
    every: 86_400,
    patience: 7 * 86_400,
    text: "1 security updates have not been installed for more than 7 days.",
    advice: "apt-get upgrade",
  },
};

/** Of a stack on several servers. */
const FAULTS_OF_SEVERAL: Record<string, Fault> = {
  "a server that does not answer the others": {
    begin: () => server.write("nodes", "alpha ready\nbeta down\n down\n"),
    end: () => server.write("nodes", "alpha ready\nbeta ready\n ready\n"),
    text: "The server beta does not answer the others (down).",
    advice: "npx berth up --stack prod",
  },
  "managers without a quorum": {
    begin: () => server.write("no-quorum", ""),
    end: () => server.delete("no-quorum"),
    text: "The managers of the Swarm have no quorum",
    advice: "docs/several-servers.md",
  },
  "a service without all its containers": {
    begin: () => server.write("services", "2/3 s1\n"),
    end: () => server.write("services", "3/3 s1\n"),
    text: "The service web has 2 of 3 containers.",
    advice: "npx berth logs web --stack prod",
  },
};

describe("a fault is reported once when it begins and once when it ends:", () => {
  test.each([
    ...Object.entries(FAULTS).map(([name, fault]) => [name, fault, false] as const),
    ...Object.entries(FAULTS_OF_SEVERAL).map(([name, fault]) => [name, fault, true] as const),
  ])("%s", async (_, fault, swarm) => {
    const { begin, end, every = 60, endsAfter = every, patience = 180, text, advice } = fault;
    await watched({}, { swarm });
    begin();
    await server.watch(every);
    if (patience > 0) {
      expect(receiver.titles(), "it may be over in a moment").toEqual([]);
      await server.watch(patience);
    }
    const [message] = receiver.requests.splice(0).map(({ body }) => JSON.parse(body));
    expect(message).toMatchObject({ project: "shop", stack: "prod", server: "web1" });
    expect(message.title).toContain(`shop/prod: Problem: ${text}`);
    expect(message.events).toEqual([expect.objectContaining({ type: "begin", text: expect.stringContaining(text) })]);
    expect(message.events[0].advice).toContain(advice);
    await server.watch();
    expect(receiver.titles(), "nothing twice").toEqual([]);
    end();
    await server.watch(endsAfter);
    await server.watch(180);
    expect(receiver.titles()).toEqual([expect.stringContaining(`shop/prod: Over: ${text}`)]);
    expect(server.conditions()).toEqual({});
  });
});

test("what the archive lacks is reported as its own kind, and not as a fault of the backups", async () => {
  await watched();
  const behind = "Point-in-time: the archive of postgres is more than 5 min behind.";
  server.write("backups", `Not well:\n  ${behind} No route to host\n`);
  server.write("archive", `${behind}\n`);
  await server.watch(600);
  await server.watch(180);
  expect(receiver.titles()).toEqual([`shop/prod: Problem: ${behind}`]);
});

test("a fault that lasts is reminded of once a day, with its beginning", async () => {
  await watched();
  server.answer("500");
  await server.watch();
  await server.watch(180);
  receiver.requests.splice(0);
  await server.watch(86_340);
  expect(receiver.titles()).toEqual([]);
  await server.watch(60);
  const [message] = receiver.requests.splice(0).map(({ body }) => JSON.parse(body));
  expect(message.title).toContain("Still a problem: The site does not answer");
  expect(message.text).toContain("Since 2027-01-15 08:02 UTC.");
  await server.watch(60);
  expect(receiver.titles()).toEqual([]);
});

test("a fault that comes and goes sends one message, and not one each time", async () => {
  await watched();
  server.answer("500");
  await server.watch();
  await server.watch(180);
  expect(receiver.titles()).toHaveLength(1);
  for (const code of ["200", "500", "200", "200", "500"]) {
    server.answer(code);
    await server.watch();
  }
  expect(receiver.titles()).toEqual([]);
  expect(server.conditions()).toEqual({ "site:inside": "open" });
});

test("a threshold that is just met again does not end a fault", async () => {
  await watched();
  server.write("df", "1000 90");
  await server.watch();
  expect(receiver.titles()).toHaveLength(1);
  server.write("df", "1000 110");
  await server.watch();
  await server.watch(3600);
  expect(receiver.titles()).toEqual([]);
});

describe("the certificate", () => {
  test.each([
    [15, undefined],
    [13, "ends in 12 days"],
    [-1, "has ended"],
  ])("with %i days left is reported as %s", async (days, text) => {
    server = new WatchedServer({ outside: false }, { url: "https://shop.example.org" });
    server.targets(`webhook ${receiver.url}`);
    server.answer("200", site(days));
    await server.watch();
    expect(receiver.titles()).toEqual(
      text === undefined ? [] : [expect.stringContaining(`The certificate of the site ${text}`)],
    );
  });

  test("that is valid for a week only is reported in the last day", async () => {
    server = new WatchedServer({ outside: false }, { url: "https://shop.example.org" });
    server.targets(`webhook ${receiver.url}`);
    server.answer("200", `Start date: ${date(-4)}\nExpire date: ${date(2)}\n`);
    await server.watch();
    expect(receiver.titles()).toEqual([]);
    server.answer("200", `Start date: ${date(-5.5)}\nExpire date: ${date(0.5)}\n`);
    await server.watch();
    expect(receiver.titles()).toEqual([expect.stringContaining("ends in 0 days")]);
  });
});

describe("the site outside", () => {
  test("is a fault if nobody answers at its name, and none if it refuses the server", async () => {
    const visitors = await Receiver.start();
    const { url } = visitors;
    server = new WatchedServer({}, { url });
    server.targets(`webhook ${receiver.url}`);
    visitors.status = 403;
    await server.watch();
    expect(visitors.requests.map(({ path }) => path)).toEqual(["/alive"]);
    visitors.stop();
    await server.watch();
    await server.watch(180);
    expect(receiver.titles()).toEqual([
      `shop/prod: Problem: The site answers inside, but not at ${url}: the connection is refused.`,
    ]);
  });

  test("is left alone while the site itself is at fault", async () => {
    server = new WatchedServer({}, { url: "http://127.0.0.1:1" });
    server.targets(`webhook ${receiver.url}`);
    server.answer("502");
    await server.watch();
    expect(server.conditions()).toEqual({ "site:inside": "waiting" });
  });
});

describe("a release", () => {
  const broken = () => {
    server.answer("502");
    server.containers(NGINX.replace("|running|0|", "|exited|0|"), WEB.replace("|healthy|", "|unhealthy|"));
  };

  test("is quiet while it holds the deploy lock, but not about the disk", async () => {
    await watched();
    server.write("lib/deploy.lock", "");
    const holder = spawn("flock", [`${server.folder}/lib/deploy.lock`, "sh", "-c", "echo held; read -r line"]);
    await once(holder.stdout, "data");
    broken();
    await server.watch();
    await server.watch(1800);
    expect(receiver.titles()).toEqual([]);
    server.write("df", "1000 10");
    await server.watch();
    expect(receiver.titles()).toEqual([expect.stringContaining("Only 1 %")]);
    holder.stdin.end("\n");
    await once(holder, "exit");
    await server.watch();
    expect(receiver.titles(), "what is broken after it is only seen now").toEqual([]);
    await server.watch(180);
    expect(receiver.titles()).toEqual([expect.stringContaining("(and ")]);
  });

  test("that is done is reported once, with its person", async () => {
    server = new WatchedServer();
    server.targets(`webhook ${receiver.url}`);
    server.write("releases", "4\n");
    await server.watch();
    expect(receiver.titles(), "the first run only remembers it").toEqual([]);
    server.write("releases", "4\n5\n");
    await server.watch();
    expect(receiver.titles()).toEqual(["shop/prod: Release 5 is deployed by ada: Say hello"]);
    await server.watch();
    expect(receiver.titles()).toEqual([]);
  });

  test("that failed is reported with its person, until the next one succeeds", async () => {
    await watched();
    const run = { by: "ada", host: "desk", since: "2027-01-15T08:00:00.123Z", url: "", pids: [4711] };
    server.write("lib/deploy.json", JSON.stringify(run));
    await server.watch();
    await server.watch(180);
    expect(receiver.titles()).toEqual([
      "shop/prod: Problem: A release did not complete: by ada on desk, begun at 2027-01-15T08:00:00 UTC. The stack may be between two releases.",
    ]);
    server.delete("lib/deploy.json");
    await server.watch();
    await server.watch(180);
    expect(receiver.titles()).toEqual([expect.stringContaining("Over: A release did not complete")]);
  });

  test("that was refused before it began is none", async () => {
    await watched();
    server.write(
      "lib/deploy.json",
      JSON.stringify({ by: "ada", host: "desk", since: "2027-01-15T08:00:00Z", url: "", pids: [] }),
    );
    await server.watch();
    await server.watch(180);
    expect(server.conditions()).toEqual({});
  });
});

test.each([
  ["maintenance", () => server.write("maintenance", '{"since":""}')],
  ["the first minutes after a reboot", () => server.write("proc/uptime", "42.00 1.00\n")],
])("%s is quiet about site and containers", async (_, begin) => {
  await watched();
  begin();
  server.answer("503");
  server.containers(NGINX, WEB.replace("running|0|healthy", "exited|0|"));
  await server.watch();
  await server.watch(600);
  expect(receiver.titles()).toEqual([]);
});

describe("drift", () => {
  beforeEach(async () => {
    await watched();
    server.write("lib/expected", "container id-nginx nginx-1\ncontainer id-web web-1\n");
  });

  test("is a container that was removed, or one that was not released", async () => {
    server.containers(NGINX, WEB.replace("id-web|/shop-prod-web-1", "id-other|/shop-prod-other"));
    await server.watch();
    await server.watch(180);
    const [{ events }] = receiver.requests.splice(0).map(({ body }) => JSON.parse(body));
    expect(events.map(({ text }: { text: string }) => text)).toEqual([
      "The container web-1 of the release is missing.",
      "The container other runs, but is not part of the release.",
    ]);
  });

  test("is a file that was changed, within the hour", async () => {
    server.write("files/run/secrets/key", "changed");
    server.write(
      "lib/expected",
      "container id-nginx nginx-1\ncontainer id-web web-1\nfile id-web /run/secrets/key 0400:0:0:00ff\n",
    );
    await server.watch(3600);
    expect(receiver.titles()).toEqual([
      "shop/prod: Problem: The file /run/secrets/key in the container web-1 differs from the release.",
    ]);
    await server.watch();
    expect(receiver.titles(), "it is not over because nobody looks").toEqual([]);
  });
});

test("a reboot that is pending for a week is reported", async () => {
  await watched();
  server.write("reboot-required", "");
  utimesSync(join(server.folder, "reboot-required"), server.now, server.now);
  await server.watch(6 * 86_400);
  expect(receiver.titles()).toEqual([]);
  await server.watch(2 * 86_400);
  expect(receiver.titles()).toEqual([expect.stringContaining("The server has needed a reboot for 8 days")]);
});

test("a reboot in its window is announced once", async () => {
  await watched();
  server.write("announced", "1800000900\n");
  await server.watch();
  expect(receiver.titles()).toEqual([
    "shop/prod: The server reboots at 08:15 UTC, as its security updates need that. The site is down meanwhile.",
  ]);
  await server.watch();
  expect(receiver.titles()).toEqual([]);
});

test("processes that the kernel ended are reported once", async () => {
  await watched();
  server.write("proc/vmstat", "oom_kill 2\n");
  await server.watch();
  expect(receiver.titles()).toEqual([
    "shop/prod: The kernel ended 2 process(es), as memory ran out: the server's, or a container's limit.",
  ]);
  await server.watch();
  expect(receiver.titles()).toEqual([]);
});

test("an engine that does not answer leaves the rest as it is known", async () => {
  await watched();
  server.answer("500");
  await server.watch();
  await server.watch(180);
  expect(receiver.titles()).toHaveLength(1);
  server.write("engine-down", "");
  await server.watch();
  await server.watch(180);
  expect(receiver.titles()).toEqual(["shop/prod: Problem: The Docker engine does not answer."]);
  expect(server.conditions()).toMatchObject({ "site:inside": "open", "engine:answer": "open" });
});
