import { randomBytes } from "node:crypto";
import { connect } from "node:http2";
import { connect as tlsConnect } from "node:tls";
import { FormData } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AcmeTestServer } from "../servers/acme";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { expectHardened } from "../support/hardened";
import { inspectAfterStart } from "../support/inspected";
import { MailTracker } from "../support/mail-tracker";
import {
  containersOf,
  type Docker,
  expectKept,
  networkOf,
  type OfficeDay,
  officeDay,
  signedIn,
} from "../support/office-story";
import { pdf } from "../support/pdf";
import { processesOf } from "../support/processes";
import { deviationsFromMozilla } from "../support/tls-scan";
import { whileVisiting } from "../support/visitors";
import { fetchAt } from "../support/web";

const NAME = "mail.office.test";

let server: StandInServer;
let authority: AcmeTestServer;
let deployment: Deployment;
let staging: Deployment | undefined;
let docker: Docker;
let day: OfficeDay;

const url = `https://${NAME}`;
const get = (path: string, init = {}) => deployment.fetch(url + path, { redirect: "manual", ...init });

function configuration(own: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ...server.settings,
    siteName: NAME,
    tls: "acme",
    acmeDirectory: authority.directory,
    acmeAuthority: authority.authority,
    acmeEmail: "office@office.test",
    replicas: 2,
    drainSeconds: 10,
    fileAuthorizationSeconds: 5,
    ...own,
  };
}

beforeAll(async () => {
  [server, authority] = await Promise.all([StandInServer.start({ name: "production" }), AcmeTestServer.start()]);
  await authority.resolve(server.address);
  docker = server.docker;
  deployment = await Deployment.create("production", configuration());
  deployment.fetch = fetchAt({ address: server.address, authorities: [await authority.roots()] });
});

afterAll(async () => {
  await server?.stop();
  await authority?.stop();
  deployment?.remove();
  staging?.remove();
});

test("one `up` deploys a site with the authority's certificate to a server", async () => {
  const output = await deployment.up();
  expect(output).toContain(url);
  expect(output).toMatch(/In use: issued by .*Pebble/);
  // Trusts this authority only, so a temporary certificate would be refused.
  day = await officeDay(deployment, docker);
});

test("a second `up` changes nothing, and a refresh finds no difference", async () => {
  await deployment.up("--expect-no-changes");
  await deployment.run("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--stack", deployment.stack);
  await deployment.up("--expect-no-changes");
});

describe("HTTP and TLS", () => {
  test("plain HTTP redirects to HTTPS and keeps method and body", async () => {
    const answer = await deployment.fetch(`http://${NAME}/mails/?page=2`, { method: "POST", redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([308, `${url}/mails/?page=2`]);
  });

  test("TLS matches Mozilla's intermediate profile", async () => {
    // Every request of this story verifies the chain; the scanner does not know its authority.
    expect(await deviationsFromMozilla(NAME, server.address)).toEqual(["certificate_path_validation"]);
  });

  test("HTTP/2 is enabled", async () => {
    expect(await statusOverHttp2("/api/health/")).toBe(200);
  });

  test.each([
    ["a page", "/sign-in/", 200],
    ["an answer of the API", "/api/health/", 200],
    ["a page that is not there", "/nothing-here/", 404],
    ["a static file that is not there", "/static/nothing.css", 404],
    ["a stored PDF asked for directly", "/_protected_pdfs/x.pdf", 404],
    ["an answer to strangers", "/api/mails/", 401],
  ])("%s has the security headers", async (_what, path, status) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    hasSecurityHeaders(answer.headers);
  });

  // Each location of nginx that forwards to the backend.
  test.each([
    ["/", 302],
    ["/api/schema/", 200],
    ["/admin/", 302],
    ["/sign-in/", 200],
    ["/admin/login/", 200],
  ])("%s: the backend gets the client's address and the scheme, whatever the client claims", async (path, status) => {
    const request = `${path}?seen=${randomBytes(4).toString("hex")}`;
    const claimed = { "X-Real-IP": "192.0.2.1", "X-Forwarded-For": "192.0.2.2", "X-Forwarded-Proto": "http" };
    // With the scheme that the client claims, Django would redirect to HTTPS (301).
    expect((await get(request, { headers: claimed })).status).toBe(status);
    const [line = ""] = await linesAbout(request);
    const [, address = "", chain, scheme, host] = /^(\S+) "([^"]*)" (\w+):\/\/(\S+) \[/.exec(line) ?? [];
    expect(address).toMatch(/^\d+(\.\d+){3}$/);
    expect(address).not.toMatch(/^192\.0\.2\./);
    expect({ chain, scheme, host }).toEqual({ chain: `192.0.2.2, ${address}`, scheme: "https", host: NAME });
  });

  test("a request of up to 20 MB is accepted, a PDF of up to 10 MB in it, and nothing larger", async () => {
    const site = await signedIn(deployment);
    const mail = await site.createMail(`large/${randomBytes(4).toString("hex")}`);
    const send = async (filler: number) => {
      const form = new FormData();
      form.set("file", new File([new Uint8Array(await pdf(1))], "letter.pdf", { type: "application/pdf" }));
      form.set("one", new Blob([new Uint8Array(filler)]));
      form.set("other", new Blob([new Uint8Array(filler)]));
      const headers = { Authorization: `Bearer ${site.token}` };
      return get(`/api/mails/${mail}/attachments/`, { method: "POST", headers, body: form });
    };
    const megabyte = 2 ** 20;
    expect((await send(9.9 * megabyte)).status).toBe(201);
    // Django does not limit these parts, so nginx refuses the request.
    expect((await send(10 * megabyte)).status).toBe(413);
    await site.attach(mail, "large.pdf", await pdf(1, Math.round(9.9 * megabyte)));
    expect((await site.upload(mail, "larger.pdf", await pdf(1, Math.round(10.1 * megabyte)))).status).toBe(413);
  });

  test("an oversized request is refused with its own page, in JSON for the API", async () => {
    const body = Buffer.alloc(25 * 1024 * 1024);
    const page = await get("/mails/new/", { method: "POST", body });
    expect([page.status, page.headers.get("content-type")]).toEqual([413, "text/html"]);
    expect(await page.text()).toContain("Nothing was saved");
    hasSecurityHeaders(page.headers);
    const api = await get("/api/mails/", { method: "POST", body });
    expect([api.status, api.headers.get("content-type")]).toEqual([413, "application/json"]);
    expect(await api.json()).toHaveProperty("detail");
  });

  test("a client that does not finish its request is disconnected", async () => {
    const socket = tlsConnect({ host: server.address, port: 443, servername: NAME, ca: await authority.roots() });
    const closed = new Promise<number>((resolve) => {
      const began = Date.now();
      socket.on("close", () => resolve(Date.now() - began));
    });
    socket.write(`GET / HTTP/1.1\r\nHost: ${NAME}\r\n`);
    socket.resume();
    expect(await closed).toBeGreaterThan(10_000);
  });

  test("text is compressed, PDFs are not", async () => {
    const page = await get("/sign-in/", { headers: { "Accept-Encoding": "gzip" } });
    expect(page.headers.get("content-encoding")).toBe("gzip");
    const site = await signedIn(deployment);
    const document = await site.get(day.path, { "Accept-Encoding": "gzip" });
    expect(document.headers.get("content-encoding")).toBeNull();
  });

  test("static files have hashed names and a cache lifetime of a year", async () => {
    const [, sheet = ""] = /href="(\/static\/[^"]+\.css)"/.exec(await (await get("/sign-in/")).text()) ?? [];
    expect(sheet).toMatch(/\.[0-9a-f]{12}\.css$/);
    const answer = await get(sheet);
    expect(answer.headers.get("cache-control")).toBe("max-age=31536000, public, immutable");
    hasSecurityHeaders(answer.headers);
  });
});

describe("the running containers", () => {
  let running: Inspected[];
  beforeAll(async () => {
    running = await inspectAfterStart<Inspected>(docker, await containersOf(deployment, docker));
  });

  test("have a user, no capability, no new privileges, a read-only root, limits and log rotation", () => {
    expect(running.length).toBeGreaterThanOrEqual(7);
    for (const container of running) {
      expectHardened(container);
      expect(container.HostConfig.Binds ?? []).toEqual([]);
    }
  });

  test("run no process as root, except two: the certificate manager without a capability, the backups with three", async () => {
    const found = await processesOf(running, server.exec.bind(server));
    expect(found.length).toBe(7);
    expect(found.filter(({ uid }) => uid === "0")).toEqual([
      { service: "backups", uid: "0", capabilities: ["CAP_DAC_OVERRIDE", "CAP_SETGID", "CAP_SETUID"], locked: true },
      { service: "certificate", uid: "0", capabilities: [], locked: true },
    ]);
    for (const process of found.filter(({ uid }) => uid !== "0")) {
      expect(process).toMatchObject({ capabilities: [], locked: true });
    }
  });

  test("have a health check and a restart policy", () => {
    const services = running.filter(({ Name }) => !/-(migrate|nginx-sandbox)-/.test(Name));
    expect(services.length).toBe(6);
    for (const { Name, State } of services) {
      expect({ Name, health: State.Health?.Status }).toEqual({ Name, health: "healthy" });
    }
    const policies = running.map(({ Config, HostConfig }) => [
      Config.Labels["berth.service"],
      HostConfig.RestartPolicy.Name,
    ]);
    expect(Object.fromEntries(policies)).toEqual({
      backend: "unless-stopped",
      backups: "unless-stopped",
      certificate: "unless-stopped",
      migrate: "no",
      nginx: "unless-stopped",
      "nginx-sandbox": "unless-stopped",
      postgres: "unless-stopped",
    });
  });

  test("publish ports at the edge only", () => {
    const published = running.filter(({ HostConfig }) => Object.keys(HostConfig.PortBindings ?? {}).length > 0);
    expect(published.map(({ HostConfig }) => Object.keys(HostConfig.PortBindings ?? {}).sort())).toEqual([
      ["443/tcp", "80/tcp"],
    ]);
  });

  test("read and write the specified volumes", async () => {
    const mounts = (service: string) =>
      Object.fromEntries(
        running
          .find(({ Config }) => Config.Labels["berth.service"] === service)
          ?.Mounts.filter(({ Name }) => Name?.startsWith("mailtracker-"))
          .map(({ Destination, Name, RW }) => [Destination, `${Name?.split("-").at(-1)} ${RW ? "rw" : "ro"}`]) ?? [],
      );
    expect(mounts("postgres")).toEqual({ "/var/lib/postgresql/data": "postgres_data rw" });
    expect(mounts("backend")).toEqual({
      "/srv/mailtracker/pdfs": "pdf_storage rw",
      "/app/staticfiles": "static_volume rw",
    });
    expect(mounts("nginx")).toMatchObject({
      "/srv/mailtracker/pdfs": "pdf_storage ro",
      "/srv/mailtracker/static": "static_volume ro",
    });
  });

  test("keep the database unreachable for the edge", async () => {
    const [postgres = ""] = await containersOf(deployment, docker, "postgres");
    const address = await docker(
      "inspect",
      "--format",
      "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
      postgres,
    );
    const dial = (service: string) =>
      `docker exec $(docker ps -qf label=berth.service=${service} -f label=berth.stack=${deployment.stack} | head -n 1)`;
    const tried = await server.exec(
      `${dial("nginx")} curl -sS --max-time 3 telnet://${address}:5432 </dev/null 2>&1 || echo refused`,
    );
    expect(tried).toContain("refused");
    expect(await server.exec(`${dial("backend")} nc -z -w 3 ${address} 5432 && echo reached`)).toBe("reached");
  });

  test("pass Django's own checks for production", async () => {
    const [backend = ""] = await containersOf(deployment, docker, "backend");
    expect(
      await docker("exec", backend, "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
    ).toMatch(/no issues/);
  });

  test("sign in to PostgreSQL with a password and no more privileges than an owner", async () => {
    const [postgres = ""] = await containersOf(deployment, docker, "postgres");
    const sql = (query: string) =>
      docker("exec", postgres, "psql", "-U", "mailtracker_user", "-d", "mailtracker", "-Atc", query);
    expect(
      await sql("select count(*) from pg_roles where rolcanlogin and rolsuper and rolname <> 'mailtracker_user'"),
    ).toBe("0");
    expect(
      await sql("select count(*) from pg_authid where rolname = 'mailtracker_user' and rolpassword is not null"),
    ).toBe("0");
    expect(
      await sql(
        "select count(*) from pg_authid where rolpassword is not null and rolpassword not like 'SCRAM-SHA-256$%'",
      ),
    ).toBe("0");
    expect(
      await sql(
        "select count(*) from pg_hba_file_rules where auth_method = 'trust' and address not in ('127.0.0.1', '::1')",
      ),
    ).toBe("0");
    expect(await sql("show shared_buffers")).toBe("128MB");
  });
});

test("the stack matches its specification, down to the numbers", async () => {
  const one = async (service: string) => (await containersOf(deployment, docker, service))[0] ?? "";
  const inspect = async (service: string, template: string) =>
    docker("inspect", "--format", template, await one(service));
  const seconds = 1_000_000_000;
  expect(JSON.parse(await inspect("postgres", "{{json .Config.Healthcheck}}"))).toMatchObject({
    Test: expect.arrayContaining(["pg_isready"]),
    Interval: 10 * seconds,
    Timeout: 5 * seconds,
    Retries: 5,
  });
  const environment = async (service: string) => JSON.parse(await inspect(service, "{{json .Config.Env}}")) as string[];
  const run = async (service: string, ...words: string[]) => docker("exec", await one(service), ...words);
  // What runs. That it is Alpine stands in the image's name only, as a stand-in image may be another system.
  expect(await run("postgres", "postgres", "--version")).toMatch(/\(PostgreSQL\) 16\./);
  expect(await inspect("postgres", "{{.Config.Image}}")).toMatch(/^postgres:16-alpine\b/);
  expect(await run("nginx", "sh", "-c", "nginx -v 2>&1")).toMatch(/^nginx version: nginx\/1\./);
  expect(await run("backend", "python", "--version")).toMatch(/^Python 3\.11\./);
  expect(await run("backend", "cat", "/etc/os-release")).toMatch(/^ID=debian$/m);
  expect(await environment("postgres")).toEqual(
    expect.arrayContaining(["POSTGRES_DB=mailtracker", "POSTGRES_USER=mailtracker_user"]),
  );
  expect(await inspect("backend", "{{.Config.WorkingDir}}")).toBe("/app");
  // Run alone, the image runs its entrypoint without a word: backend/tests/test_default_command.py.
  const image = await docker(
    "image",
    "inspect",
    "--format",
    "{{json .Config}}",
    await inspect("backend", "{{.Image}}"),
  );
  expect(JSON.parse(image)).toMatchObject({ Entrypoint: ["/app/entrypoint.sh"], ExposedPorts: { "8000/tcp": {} } });
  expect(JSON.parse(image).Cmd ?? []).toEqual([]);
  expect(await environment("backend")).toEqual(
    expect.arrayContaining([
      "ACCESS_TOKEN_LIFETIME_MINUTES=1440",
      "DEBUG=false",
      "MAX_PDF_SIZE_MB=10",
      "PDF_STORAGE_PATH=/srv/mailtracker/pdfs",
      "REFRESH_TOKEN_LIFETIME_DAYS=7",
      "WAIT_TIMEOUT=60",
      "PYTHONUNBUFFERED=1",
      "PYTHONDONTWRITEBYTECODE=1",
    ]),
  );
  const gunicorn = await docker("exec", await one("backend"), "sh", "-c", "tr '\\0' ' ' </proc/1/cmdline");
  for (const words of [
    "gunicorn config.wsgi:application",
    "--bind 0.0.0.0:8000",
    "--workers 4",
    "--threads 2",
    "--timeout 60",
  ]) {
    expect(gunicorn).toContain(words);
  }
  expect(gunicorn).toMatch(/--access-logfile - .*--error-logfile -/);
  const tools = "for tool in pg_isready pg_config gcc nc; do command -v $tool || echo none; done";
  expect(await docker("exec", await one("backend"), "sh", "-c", tools)).not.toContain("none");
  const versions =
    "from importlib.metadata import version as v; print(*map(v, ['psycopg2-binary', 'gunicorn', 'dj-database-url', 'whitenoise']))";
  const found = (await docker("exec", await one("backend"), "python", "-c", versions)).split(" ");
  const least = ["2.9.9", "21.2", "2.1", "6.6"];
  for (const [index, version] of found.entries()) {
    expect(version.localeCompare(least[index] ?? "", undefined, { numeric: true }), version).toBeGreaterThanOrEqual(0);
  }
  expect(
    await docker(
      "network",
      "inspect",
      "--format",
      "{{.Driver}}",
      await networkOf(deployment, docker, "mailtracker_network"),
    ),
  ).toBe("bridge");
});

test("the backend's image installs the requirements before it copies the code, so an edit does not install them again", async () => {
  const [backend = ""] = await containersOf(deployment, docker, "backend");
  const image = await docker("inspect", "--format", "{{.Image}}", backend);
  const history = await docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", image);
  const everyStep = history.split("\n").reverse();
  const steps = everyStep.slice(everyStep.findIndex((step) => step.includes("WORKDIR /app")));
  const copies = steps.flatMap((step, index) => (/\bCOPY\b/.test(step) ? [index] : []));
  const installed = steps.findIndex((step) => step.includes("pip install --no-cache-dir --require-hashes"));
  const [first = -1, second = -1] = copies;
  // Docker's classic builder names a file that is copied alone by its hash.
  expect(steps[first]).toMatch(/COPY (file:\S+ in|requirements\.txt)/);
  expect(first).toBeLessThan(installed);
  expect(installed).toBeLessThan(second);
  expect(copies.length).toBeGreaterThanOrEqual(5);
});

test("secrets are rotated with one setting: sessions stay valid, no request fails, the old password is refused", async () => {
  const site = await signedIn(deployment);
  const roles = () => databaseRoles();
  const [before] = await roles();
  const oldPassword = await passwordInBackend();
  deployment.configure(configuration({ databasePasswordVersion: 2, secretKeyVersion: 2 }));
  const visits = await whileVisiting(
    `${url}/api/mails/`,
    () => deployment.up(),
    (path) => site.get(path.replace(url, "")),
  );
  expect(visits.answered).toBeGreaterThan(50);
  expect(visits.failures).toEqual([]);

  expect((await site.get("/api/mails/")).status).toBe(200);
  const after = await roles();
  expect(after).toHaveLength(1);
  expect(after).not.toContain(before);
  expect(await passwordInBackend()).not.toBe(oldPassword);
  expect(await databaseSays(before ?? "", oldPassword)).toMatch(/password authentication failed/);
  expect(await databaseSays(after[0] ?? "", await passwordInBackend())).toBe("1");
  await expectKept(deployment, day);
  await deployment.up("--expect-no-changes");
});

describe("with fileAuthorizationSeconds, nginx caches the permission to read a PDF for a few seconds", () => {
  const PASSWORD = "another correct horse battery";
  let site: MailTracker;
  let colleague: MailTracker;

  const inBackend = async (program: string) => {
    const [backend = ""] = await containersOf(deployment, docker, "backend");
    return docker("exec", backend, "python", "manage.py", "shell", "-c", program);
  };
  const people = "from django.contrib.auth import get_user_model as model; people = model().objects;";

  beforeAll(async () => {
    await inBackend(`${people} people.create_user("jonas", password="${PASSWORD}")`);
    site = await signedIn(deployment);
    colleague = new MailTracker(url, deployment.fetch);
    await colleague.signIn("jonas", PASSWORD);
  });

  test("which spares the backend the request", async () => {
    const before = await timesAsked(day.path);
    for (let visit = 0; visit < 20; visit++) expect((await site.get(day.path)).status).toBe(200);
    const asked = (await timesAsked(day.path)) - before;
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(10);
  });

  test("and serves ranges, conditional requests and the same headers", async () => {
    const [first, again] = [await site.get(day.path), await site.get(day.path)];
    for (const { headers } of [first, again]) {
      hasSecurityHeaders(headers);
      expect(headers.get("content-disposition")).toMatch(/^inline; filename\*=utf-8''Invoice/);
      expect(headers.get("cache-control")).toBe("private, no-cache");
      expect(headers.get("content-type")).toBe("application/pdf");
    }
    expect(Buffer.from(await again.arrayBuffer()).equals(day.document)).toBe(true);
    const part = await site.get(day.path, { Range: "bytes=1000-1999" });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 1000-1999/${day.document.length}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(day.document.subarray(1000, 2000))).toBe(true);
    expect((await site.get(day.path, { "If-None-Match": first.headers.get("etag") ?? "" })).status).toBe(304);
  });

  test("and gives it to no other user, forged session or method", async () => {
    expect((await site.get(day.path)).status).toBe(200);
    const stranger = await get(day.path);
    expect([stranger.status, stranger.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="api"']);
    hasSecurityHeaders(stranger.headers);
    expect((await get(day.path, { headers: { Authorization: `Bearer ${site.token}x` } })).status).toBe(401);
    expect((await get(day.path, { headers: { Cookie: "sessionid=x" } })).status).toBe(401);
    expect((await site.post(day.path, {})).status).toBe(405);
    expect((await site.get("/api/attachments/999999/file/")).status).toBe(404);
  });

  test("and a deactivated account is refused once it expires, while others may go on", async () => {
    expect((await colleague.get(day.path)).status).toBe(200);
    await inBackend(`${people} people.filter(username="jonas").update(is_active=False)`);
    await eventually(10, async () => expect((await colleague.get(day.path)).status).toBe(401));
    expect((await site.get(day.path)).status).toBe(200);
    expect((await colleague.get(day.path)).status).toBe(401);
  });
});

test("a restart of the Docker daemon causes no downtime", async () => {
  const visits = await whileVisiting(
    `${url}/api/health/`,
    () => server.exec("systemctl restart docker"),
    deployment.fetch,
  );
  expect(visits.answered).toBeGreaterThan(5);
  expect(visits.failures).toEqual([]);
  expect(await docker("ps", "--quiet", "--filter", `label=berth.stack=${deployment.stack}`)).not.toBe("");
});

test("a replica killed with -9 restarts: no read fails, and nothing is registered twice", async () => {
  const [killed = ""] = await containersOf(deployment, docker, "backend");
  const site = await signedIn(deployment);
  const registered = { confirmed: 0, twice: [] as string[] };
  const register = async () => {
    // A repeated request finds its reference in use and gets status 400.
    await site.createMail(`killed/${randomBytes(6).toString("hex")}`).then(
      () => registered.confirmed++,
      (error) => /answered 400/.test(String(error)) && registered.twice.push(String(error)),
    );
  };
  const visits = await whileVisiting(
    `${url}/api/mails/`,
    async () => {
      await register();
      await Promise.all([
        server.exec(`kill -9 $(docker inspect --format '{{.State.Pid}}' ${killed})`),
        ...Array.from({ length: 10 }, register),
      ]);
      await eventually(90, async () => {
        await register();
        // Docker's health status may still be the earlier one.
        await docker("exec", killed, "/app/healthcheck.sh");
        const output = "{{.RestartCount}} {{.State.Status}} {{.State.Health.Status}}";
        expect(await docker("inspect", "--format", output, killed)).toBe("1 running healthy");
      });
    },
    (path) => site.get(path.replace(url, "")),
  );
  expect(visits.answered).toBeGreaterThan(20);
  expect(visits.failures).toEqual([]);
  expect(registered.confirmed).toBeGreaterThan(5);
  expect(registered.twice).toEqual([]);
});

test("a replica that restarts with another address is found, and the other one may stop", {
  tags: "extended",
}, async () => {
  const [moving = "", other = ""] = await containersOf(deployment, docker, "backend");
  const network = await networkOf(deployment, docker, "mailtracker_network");
  const address = () =>
    docker("inspect", "--format", `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`, moving);
  const isHealthy = (container: string) =>
    eventually(90, async () => {
      expect(await docker("inspect", "--format", "{{.State.Health.Status}}", container)).toBe("healthy");
    });
  const before = await address();
  let placeholder = "";
  const visits = await whileVisiting(
    `${url}/sign-in/`,
    async () => {
      await docker("stop", moving);
      placeholder = await docker("run", "--detach", "--network", network, "postgres:16-alpine", "sleep", "600");
      await docker("start", moving);
      await isHealthy(moving);
      await docker("stop", other);
      for (let visit = 0; visit < 50; visit++) expect((await get("/sign-in/")).status).toBe(200);
      await docker("start", other);
      await isHealthy(other);
    },
    deployment.fetch,
  );
  await docker("rm", "--force", "--volumes", placeholder);
  expect(await address()).not.toBe(before);
  expect(visits.answered).toBeGreaterThan(50);
  expect(visits.failures).toEqual([]);
});

test("another stack is one file, and both run on one server", { tags: "extended" }, async () => {
  staging = await Deployment.create("staging", {
    ...configuration(),
    siteName: "",
    tls: "self-signed",
    httpPort: 8080,
    httpsPort: 8443,
    replicas: 1,
  });
  await staging.up();
  const certificate = await server.exec(
    "openssl s_client -connect 127.0.0.1:8443 </dev/null 2>/dev/null | openssl x509",
  );
  staging.fetch = fetchAt({ address: server.address, authorities: [certificate] });
  await officeDay(staging, docker);
  await expectKept(deployment, day);
  await staging.destroy();
  await expectKept(deployment, day);
});

test("without a backend visitors get an error page", async () => {
  const backends = await containersOf(deployment, docker, "backend");
  await docker("stop", "--time", "1", ...backends);
  const page = await get("/");
  expect(page.status).toBeOneOf([502, 504]);
  expect(await page.text()).toContain("One moment, please");
  expect(page.headers.get("retry-after")).toBe("5");
  hasSecurityHeaders(page.headers);
  expect(await (await get("/api/mails/")).json()).toHaveProperty("detail");
  await docker("start", ...backends);
});

test("a front end of one's own is served at /, beside Django's pages", async () => {
  deployment.write("nginx/frontend/index.html", "<!doctype html><title>The office's page</title>");
  deployment.write("nginx/frontend/app.js", "document.title = 'The office';");
  deployment.configure(configuration({ signInsPerMinute: 10, frontend: "folder" }));
  await deployment.up();
  for (const path of ["/", "/letters/2026/7", "/nothing-here"]) {
    const page = await get(path);
    expect([page.status, page.headers.get("content-type"), page.headers.get("cache-control")], path).toEqual([
      200,
      "text/html",
      "no-cache",
    ]);
    expect(await page.text()).toContain("The office's page");
    hasSecurityHeaders(page.headers);
  }
  expect(await (await get("/app.js")).text()).toContain("The office");
  expect(await (await get("/sign-in/")).text()).toContain("csrfmiddlewaretoken");
  expect((await get("/mails/")).headers.get("location")).toBe("/sign-in/?next=/mails/");
  expect((await get("/admin/")).headers.get("location")).toMatch(/^\/(sign-in|admin\/login)\/\?next=\/admin\/$/);
  expect((await get("/api/mails/")).status).toBe(401);
  expect((await get("/static/nothing.css")).status).toBe(404);
  expect((await get("/_protected_pdfs/x.pdf")).status).toBe(404);
  await expectKept(deployment, day);
});

test("sign-ins are rate-limited, with an error page", async () => {
  const attempt = (path: string) =>
    get(path, { method: "POST", body: new URLSearchParams({ username: "x", password: "y" }) });
  const answers = await Promise.all(Array.from({ length: 12 }, () => attempt("/sign-in/")));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(5);
  expect(refused[0]?.headers.get("retry-after")).toBe("60");
  hasSecurityHeaders(refused[0]?.headers ?? new Headers());
  expect(await refused[0]?.text()).toContain("Too many requests");
  const api = await attempt("/api/auth/token/");
  expect([api.status, api.headers.get("content-type")]).toEqual([429, "application/json"]);
});

interface Inspected {
  Name: string;
  Config: { User: string; Labels: Record<string, string> };
  State: { Running: boolean; Pid: number; Health?: { Status: string } };
  Mounts: { Destination: string; Name?: string; RW: boolean }[];
  HostConfig: {
    RestartPolicy: { Name: string };
    PortBindings: Record<string, unknown> | null;
    Binds: string[] | null;
  };
}

function hasSecurityHeaders(headers: { get(name: string): string | null }): void {
  const found = Object.fromEntries(
    [
      "strict-transport-security",
      "content-security-policy",
      "x-content-type-options",
      "x-frame-options",
      "referrer-policy",
    ].map((name) => [name, headers.get(name)]),
  );
  expect(found).toEqual({
    "strict-transport-security": "max-age=63072000",
    "content-security-policy": expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'self'$/),
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
  });
}

async function statusOverHttp2(path: string): Promise<number> {
  const session = connect(`https://${server.address}`, { servername: NAME, ca: await authority.roots() });
  try {
    return await new Promise((resolve, reject) => {
      session.on("error", reject);
      const stream = session.request({ ":path": path, ":authority": NAME });
      stream.on("response", (headers) => resolve(Number(headers[":status"])));
      stream.on("error", reject);
      stream.end();
    });
  } finally {
    session.close();
  }
}

/** How often the backends received a request for it. */
async function timesAsked(path: string): Promise<number> {
  return (await linesAbout(path)).length;
}

/** The lines about requests for it in the backends' logs. */
async function linesAbout(path: string): Promise<string[]> {
  const backends = await containersOf(deployment, docker, "backend");
  const logs = await Promise.all(backends.map((backend) => docker("logs", backend)));
  return logs.flatMap((log) => log.split("\n")).filter((line) => line.includes(`"GET ${path} HTTP/`));
}

/** The roles that may sign in over the network. */
async function databaseRoles(): Promise<string[]> {
  const [postgres = ""] = await containersOf(deployment, docker, "postgres");
  const query = "select rolname from pg_authid where rolpassword is not null and rolname like 'mailtracker\\_app\\_%'";
  return (await docker("exec", postgres, "psql", "-U", "mailtracker_user", "-d", "mailtracker", "-Atc", query)).split(
    "\n",
  );
}

async function passwordInBackend(): Promise<string> {
  const [backend = ""] = await containersOf(deployment, docker, "backend");
  return docker("exec", backend, "cat", "/run/secrets/database-password");
}

/** Signs in over the network, from the backend's container. */
async function databaseSays(role: string, password: string): Promise<string> {
  const [backend = ""] = await containersOf(deployment, docker, "backend");
  const client = `PGPASSWORD=$(cat) psql -h postgres -U ${role} -d mailtracker -Atc 'select 1' 2>&1 || true`;
  return server.exec(`docker exec -i ${backend} sh -c ${JSON.stringify(client)}`, password);
}
