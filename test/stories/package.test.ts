import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { InstalledProject } from "../support/installed-project";
import { whileVisiting } from "../support/visitors";

let server: StandInServer;
let project: InstalledProject;
let site: string;
const page = readFileSync("docs/get-started.md", "utf8");

beforeAll(async () => {
  [server, project] = await Promise.all([
    StandInServer.start({ name: "package" }),
    InstalledProject.create("guestbook"),
  ]);
  site = `http://${server.address}/`;
});

afterAll(async () => {
  await server?.stop();
  project?.remove();
});

/** The commands of a page's section, with this server in place of the page's. */
function section(heading: string): string {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  expect(blocks, heading).not.toEqual([]);
  const lines = blocks
    .join("")
    .replace("mkdir guestbook && cd guestbook\n", "")
    .replace("203.0.113.7", server.address)
    .replace("~/.ssh/id_ed25519", server.keyFile)
    .replace("ssh-ed25519 AAAA…", server.hostKey);
  expect(lines).not.toMatch(/…|203\.0\.113/);
  return lines;
}

const follow = (heading: string) => project.type(section(heading));

async function sign(text: string): Promise<void> {
  const body = new URLSearchParams({ text });
  expect((await fetch(site, { method: "POST", body, redirect: "manual" })).status).toBe(303);
}

const shown = async () => (await fetch(site)).text();

test("the package and `berth init` create a project in an empty folder, without bash or GNU tools", async () => {
  expect(readdirSync(project.folder)).toEqual(["berth-0.1.0.tgz"]);
  await expect(project.type("bash --version")).rejects.toThrow("not found");
  expect(await follow("Make a project")).toContain(
    "Wrote .gitignore, .pulumi-state/.gitignore, Pulumi.dev.yaml, Pulumi.prod.yaml, ",
  );
  expect(await project.type("npx tsc --noEmit")).toBe("");
  // Images come from this machine's mirror.
  const mirrors = JSON.stringify(server.settings["registryMirrors"] ?? []);
  project.edit(
    "Pulumi.prod.yaml",
    (text) => `${text}  guestbook:registryMirrors: ${mirrors}\n  guestbook:drainSeconds: 5\n`,
  );
});

test("`berth up` deploys the project", async () => {
  expect(await follow("Deploy")).toContain(`The stack prod runs: http://${server.address}`);
  await sign("Ahoy <b>there</b>");
  expect(await shown()).toContain("<li>Ahoy &#60;b&#62;there&#60;/b&#62;</li>");
});

test("an edit is planned, with the policies, and released without downtime", async () => {
  project.edit("app/server.mjs", (text) => text.replaceAll("Guestbook", "Visitors' book"));
  const visits = await whileVisiting(site, async () => {
    expect(await follow("Release")).toContain("The stack prod runs");
  });
  expect(visits.failures).toEqual([]);
  expect(visits.answered).toBeGreaterThan(20);
  expect(await shown()).toContain("<h1>Visitors' book</h1>");
});

test("a policy refuses a container with root privileges on the server", async () => {
  project.edit("index.ts", (text) =>
    text.replace('database: "app", user: "postgres"', "$&, transform: (args) => ({ ...args, privileged: true })"),
  );
  await expect(project.type("npx berth plan --stack prod")).rejects.toMatchObject({ exitCode: 4 });
  project.edit("index.ts", (text) => text.replace(", transform: (args) => ({ ...args, privileged: true })", ""));
});

test("a rollback restores the previous version, with its sources from the server", async () => {
  expect(await follow("Roll back")).toContain("Rolling back from");
  expect(await shown()).toContain("<h1>Guestbook</h1>");
  expect(await shown()).toContain("Ahoy");
});

test("a restore recovers the data of the backup", async () => {
  const [backup = "", list = "", restore = ""] = section("Back up and restore").split("\n");
  expect(await project.type(backup)).toMatch(/Backup [0-9a-f]{8} \(manual\)/);
  await sign("later");
  expect(await project.type(`${list}\n${restore}`)).toMatch(/Restored [0-9a-f]{8} in \d+ s/);
  expect(await shown()).toContain("Ahoy");
  expect(await shown()).not.toContain("later");
});

test("a destroyed stack keeps its volumes", async () => {
  await follow("Destroy");
  expect(await server.docker("ps", "--all", "--quiet")).toBe("");
  expect(await server.docker("volume", "ls", "--format", "{{.Name}}")).toContain("guestbook-prod-postgres-data");
});
