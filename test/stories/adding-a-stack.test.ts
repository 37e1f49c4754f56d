import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { Agent, fetch } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localDocker } from "../support/local-docker";

/** The Berth package, and beside it the project the page creates. */
const folder = mkdtempSync(join(tmpdir(), "berth-newcomer-"));
const project = join(folder, "guestbook");
const environment = {
  PULUMI_CONFIG_PASSPHRASE: undefined,
  PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase"),
  PULUMI_BACKEND_URL: undefined,
  MAKEFLAGS: undefined,
  MAKELEVEL: undefined,
};
const url = "https://localhost:8490";
const guestbook = "label=berth.project=guestbook";
/** A volume that marks this machine's guestbook as this test's. */
const marker = "berth-test-guestbook";
const anyCertificate = new Agent({ connect: { rejectUnauthorized: false } });

interface Block {
  /** A file's name, or undefined for commands. */
  file: string | undefined;
  text: string;
}

/** The page's code blocks in order: those with a file name, and those of the shell. */
function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(\w*) ?(\S*)\n([\s\S]*?)^```$/gm)].flatMap(([, language, file = "", text = ""]) =>
    file !== "" || language === "sh" ? [{ file: file || undefined, text }] : [],
  );
}

// The page fixes names and ports. An interrupted run leaves them in use; a reader's own guestbook must not be removed.
beforeAll(async () => {
  const marked = await localDocker("volume", "ls", "--quiet", "--filter", `name=^${marker}$`);
  if (marked !== "") await removeGuestbook();
  const there = await localDocker("ps", "--all", "--filter", guestbook, "--format", "{{.Names}}");
  if (there !== "") throw new Error(`A guestbook runs on this machine, which this test would replace:\n${there}`);
  await localDocker("volume", "create", marker);
  return removeGuestbook;
});

afterAll(() => rmSync(folder, { recursive: true }));

async function removeGuestbook(): Promise<void> {
  const all = `--quiet --filter ${guestbook} | xargs --no-run-if-empty docker`;
  await run(`docker ps --all ${all} rm --force --volumes`, ".");
  await run(`docker network ls ${all} network rm`, ".");
  await run(`docker volume ls ${all} volume rm`, ".");
  await localDocker("volume", "rm", marker);
}

async function run(commands: string, cwd: string): Promise<string> {
  // Each block continues where the previous one ended; only `cd guestbook` outlasts its block.
  const { all } = await execa("bash", ["-euo", "pipefail", "-c", commands], { cwd, env: environment, all: true });
  return all;
}

test("the steps of the page create a guestbook with a database and HTTPS", async () => {
  symlinkSync(process.cwd(), join(folder, "berth"));
  writeFileSync(join(folder, "passphrase"), "newcomer", { mode: 0o600 });
  const blocks = blocksOf(readFileSync("docs/adding-a-stack.md", "utf8"));
  expect(blocks.length).toBeGreaterThan(12);
  const began = Date.now();
  let cwd = folder;
  for (const { file, text } of blocks) {
    if (file) {
      mkdirSync(dirname(join(project, file)), { recursive: true });
      writeFileSync(join(project, file), text);
    } else {
      const output = await run(text, cwd);
      cwd = project;
      if (text.includes("npx berth up")) expect(output).toContain(`The stack dev runs: ${url}`);
      if (text.includes("npx berth plan")) expect(output).toContain("Nothing");
    }
  }
  console.log(`The machine's part of the page took ${Math.round((Date.now() - began) / 1000)} s.`);
});

test("visitors sign it, and their entries are shown as written", async () => {
  const body = new URLSearchParams({ text: "Ahoy <b>there</b>" });
  const signed = await fetch(`${url}/`, { method: "POST", body, redirect: "manual", dispatcher: anyCertificate });
  expect(signed.status).toBe(303);
  const page = await fetch(`${url}/`, { dispatcher: anyCertificate });
  expect(page.headers.get("strict-transport-security")).toBe("max-age=63072000");
  expect(await page.text()).toContain("<li>Ahoy &#60;b&#62;there&#60;/b&#62;</li>");
});

test("the daily commands work there too", { tags: "extended" }, async () => {
  expect(await run("npx berth status", project)).toContain("app");
  expect(await run("echo 'select count(*) from lines' | npx berth psql", project)).toContain("1");
  const server = join(project, "app", "server.mjs");
  writeFileSync(server, readFileSync(server, "utf8").replaceAll("Guestbook", "Visitors' book"));
  expect(await run("npx berth up", project)).toContain(url);
  expect(await (await fetch(`${url}/`, { dispatcher: anyCertificate })).text()).toContain("Visitors' book");
  expect(await run("npx berth rollback --yes", project)).toContain("Rolling back");
  const page = await (await fetch(`${url}/`, { dispatcher: anyCertificate })).text();
  expect(page).toContain("<h1>Guestbook</h1>");
  expect(page).toContain("Ahoy");
});

test("backups work once the page's lines are added", { tags: "extended" }, async () => {
  const page = readFileSync("docs/adding-a-stack.md", "utf8");
  const lines = /^```ts\n( *const backups[\s\S]*?)^```$/m.exec(page)?.[1] ?? "";
  const program = join(project, "index.ts");
  const before = readFileSync(program, "utf8");
  const after = before.replace(/^ *new berth\.Job\(.*\n/m, lines);
  expect(after).toContain("backup: backups");
  expect(after.match(/new berth\.Job/g)).toHaveLength(1);
  writeFileSync(program, after);
  await run("npx berth up", project);
  expect(await run("npx berth backup", project)).toMatch(/Backup [0-9a-f]{8} \(manual\)/);
  expect(await run("npx berth restore-drill", project)).toMatch(/postgres: \d+ rows in \d+ tables/);
});
