import { afterAll, beforeAll, expect, test } from "vitest";
import { Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { localDocker } from "../support/local-docker";
import { MailTracker } from "../support/mail-tracker";
import { containersOf, officeDay, signedIn } from "../support/office-story";
import { pdf } from "../support/pdf";
import { freePort } from "../support/ports";

let deployment: Deployment;
let url: string;
let databasePort: number;
let adminerPort: number;

beforeAll(async () => {
  const httpPort = await freePort();
  [databasePort, adminerPort] = [await freePort(), await freePort()];
  url = `http://localhost:${httpPort}`;
  deployment = await Deployment.create("development", {
    httpAddress: "127.0.0.1",
    httpPort,
    debug: true,
    liveReload: true,
    databasePort,
    adminerPort,
    corsAllowedOrigins: ["http://localhost:3000", "http://localhost:5173"],
    drainSeconds: 5,
  });
  await deployment.up();
});

afterAll(async () => {
  await deployment.destroyWithData();
  deployment.remove();
});

test("the main workflow works with mounted sources too", async () => {
  await officeDay(deployment, localDocker);
});

test("an edited view, template or style sheet takes effect at once, without an `up`", async () => {
  const running = await containersOf(deployment, localDocker);
  deployment.edit("backend/operations/health.py", (text) =>
    text.replace('"status": status', '"status": status, "edited": True'),
  );
  await eventually(15, async () => expect(await text("/api/health/")).toContain('"edited": true'));

  const [, sheet = ""] = /href="(\/static\/[^"]+\.css)"/.exec(await text("/sign-in/")) ?? [];
  deployment.edit("backend/mails/static/mails/page.css", (css) => `${css}\n/* edited sheet */\n`);
  await eventually(15, async () => expect(await text(sheet)).toContain("edited sheet"));

  deployment.edit("backend/mails/templates/base.html", (html) =>
    html.replace("</body>", "<!-- edited page --></body>"),
  );
  await eventually(15, async () => expect(await text("/sign-in/")).toContain("edited page"));
  expect(await containersOf(deployment, localDocker)).toEqual(running);
});

test("a deactivated account is refused the next time it asks for a PDF, as nginx caches no permission by default", async () => {
  const site = await signedIn(deployment);
  const mail = await site.createMail("deactivated/1");
  const path = await site.attach(mail, "letter.pdf", await pdf(1));
  const colleague = new MailTracker(url, deployment.fetch);
  const inBackend = async (program: string) => {
    const [backend = ""] = await containersOf(deployment, localDocker, "backend");
    const people = "from django.contrib.auth import get_user_model as model; people = model().objects;";
    return localDocker("exec", backend, "python", "manage.py", "shell", "-c", `${people} ${program}`);
  };
  await inBackend('people.create_user("jonas", password="another correct horse")');
  await colleague.signIn("jonas", "another correct horse");
  for (let visit = 0; visit < 3; visit++) expect((await colleague.get(path)).status).toBe(200);
  await inBackend('people.filter(username="jonas").update(is_active=False)');
  expect((await colleague.get(path)).status).toBe(401);
  expect((await site.get(path)).status).toBe(200);
});

test("configured development front ends may call the API, other origins may not", async () => {
  const allowed = async (origin: string) =>
    (await deployment.fetch(`${url}/api/health/`, { headers: { Origin: origin } })).headers.get(
      "access-control-allow-origin",
    ) ??
    (await deployment.fetch(`${url}/api/mails/`, { headers: { Origin: origin } })).headers.get(
      "access-control-allow-origin",
    );
  expect(await allowed("http://localhost:3000")).toBe("http://localhost:3000");
  expect(await allowed("http://localhost:5173")).toBe("http://localhost:5173");
  expect(await allowed("http://localhost:4000")).toBeNull();
});

test("tools connect to the database on the loopback address with its password", async () => {
  const { role, password } = await databaseAccount();
  const [postgres = ""] = await containersOf(deployment, localDocker, "postgres");
  expect(await localDocker("port", postgres)).toBe(`5432/tcp -> 127.0.0.1:${databasePort}`);
  const address = `postgresql://${role}:${password}@127.0.0.1:${databasePort}/mailtracker`;
  const answer = await localDocker(
    "run",
    "--rm",
    "--network",
    "host",
    "postgres:16-alpine",
    "psql",
    address,
    "-Atc",
    "select count(*) from mails_mail",
  );
  expect(Number(answer)).toBeGreaterThan(0);
});

test("Adminer shows the database, on the loopback address only", async () => {
  const [adminer = ""] = await containersOf(deployment, localDocker, "adminer");
  expect(await localDocker("port", adminer)).toBe(`8080/tcp -> 127.0.0.1:${adminerPort}`);
  const site = `http://127.0.0.1:${adminerPort}/`;
  expect(await (await deployment.fetch(site)).text()).toContain("Adminer");
  const { role, password } = await databaseAccount();
  const account = { driver: "pgsql", server: "postgres", username: role, password, db: "mailtracker" };
  const fields = Object.entries(account).map(([name, value]) => [`auth[${name}]`, value]);
  const form = new URLSearchParams(Object.fromEntries(fields));
  const signedIn = await deployment.fetch(site, { method: "POST", redirect: "manual", body: form });
  expect(signedIn.status).toBe(302);
  // Of a cookie that is set twice, the last one counts.
  const cookies = new Map(signedIn.headers.getSetCookie().map((cookie) => splitCookie(cookie)));
  const headers = { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
  const tables = await deployment.fetch(new URL(signedIn.headers.get("location") ?? "", site).href, { headers });
  expect(tables.status).toBe(200);
  expect(await tables.text()).toContain("mails_attachment");
});

/** The application's role and password. */
async function databaseAccount(): Promise<{ role: string; password: string }> {
  const [backend = ""] = await containersOf(deployment, localDocker, "backend");
  const environment = await localDocker("exec", backend, "env");
  const [, role = ""] = /DATABASE_URL=postgresql:\/\/(\w+)@/.exec(environment) ?? [];
  return { role, password: await localDocker("exec", backend, "cat", "/run/secrets/database-password") };
}

function splitCookie(cookie: string): [string, string] {
  const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  return [name, value];
}

async function text(path: string): Promise<string> {
  return (await deployment.fetch(url + path)).text();
}
