import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Deployment } from "../support/deployment";
import { localDocker } from "../support/local-docker";
import { containersOf } from "../support/office-story";
import { outageDuring } from "../support/outage";
import { freePort } from "../support/ports";

let deployment: Deployment;
let settings: Record<string, unknown>;
let health: string;

beforeAll(async () => {
  const httpPort = await freePort();
  settings = { httpAddress: "127.0.0.1", httpPort, replicas: 2, drainSeconds: 5 };
  health = `http://127.0.0.1:${httpPort}/api/health/`;
  deployment = await Deployment.copy("plan", settings);
});

afterAll(async () => {
  await deployment.destroyWithData();
  deployment.remove();
});

/** The plan's lines as text, `impact | action and reason`, and the exit code. */
async function plan(...args: string[]): Promise<{ lines: string[]; output: string; exitCode: number | undefined }> {
  const { output, exitCode } = await deployment.plan(...args);
  const lines = output.split("\n").filter((line) => line.startsWith("  "));
  return { lines: lines.map((line) => line.trim().replace(/ {2,}/g, " | ")), output, exitCode };
}

/** The same for a stack with changed settings, which is not deployed. */
async function planWith(others: Record<string, unknown>, ...args: string[]) {
  deployment.configure({ ...settings, ...others });
  try {
    return await plan(...args);
  } finally {
    deployment.configure(settings);
  }
}

/** The first line after its mark that begins with the text. */
function about(lines: string[], subject: string): string {
  return lines.find((line) => line.split(" | ")[1]?.startsWith(`${subject}:`)) ?? `no line about ${subject}`;
}

test("the first plan creates everything and changes no data", async () => {
  const { lines, output, exitCode } = await plan();
  expect(output).toContain("No downtime, no data change.");
  const made = [
    "postgres: created; new",
    "job migrate: runs; new",
    "backend-1, backend-2: created; new",
    "nginx: created; new",
  ];
  expect(lines.filter((line) => made.some((one) => line.endsWith(`| ${one}`)))).toEqual(
    made.map((one) => `no downtime | ${one}`),
  );
  expect(exitCode).toBe(0);
});

test("a stack that matches its program has nothing to do", async () => {
  await deployment.make("up");
  const { output, exitCode } = await plan("plan.md");
  expect(output).toContain("Nothing to do");
  expect(readFileSync(deployment.path("plan.md"), "utf8")).toContain("Nothing to do");
  expect(exitCode).toBe(0);
});

test("a changed setting replaces the containers it affects, and the plan says which and how it changes", async () => {
  const { lines, exitCode } = await planWith({ maxPdfSizeMb: 61 });
  expect(about(lines, "backend-1, backend-2")).toBe(
    "no downtime | backend-1, backend-2: replaced, new before old; environment MAX_PDF_SIZE_MB 10 → 61",
  );
  expect(about(lines, "nginx")).toMatch(/^no downtime \| nginx: replaced, new before old; its files/);
  expect(exitCode).toBe(0);
});

test("fewer replicas cause no downtime, and the removed ones are named", { tags: "extended" }, async () => {
  const { lines } = await planWith({ replicas: 1 });
  // Independent resources are removed in no particular order.
  const removed = lines.indexOf("no downtime | backend-2: removed");
  expect(removed).toBeGreaterThan(lines.indexOf(about(lines, "nginx")));
});

test("a changed secret is not shown", async () => {
  await deployment.setSecret("secretKey", "a secret key of the office, which is fifty characters long");
  const { output, lines } = await plan();
  await deployment.run("config", "rm", "secretKey", "--stack", deployment.stack);
  expect(about(lines, "backend-1, backend-2")).toContain("its files (configuration or secrets) changed");
  expect(output).not.toContain("secret key of the office");
});

test("the first HTTPS deployment causes downtime: the published ports move to another container", {
  tags: "extended",
}, async () => {
  const { lines, exitCode } = await planWith({ tls: "self-signed", httpsPort: await freePort() });
  expect(about(lines, "nginx-sandbox")).toMatch(
    /^downtime \(~\d+ s\) \| nginx-sandbox: replaced, old before new; ports/,
  );
  expect(about(lines, "nginx")).toMatch(/^downtime \(~\d+ s\) .*follows .*nginx-sandbox/);
  expect(about(lines, "certificate")).toBe("no downtime | certificate: created; new");
  expect(exitCode).toBe(0);
});

test("another major version of the database is a data change, and requires consent", { tags: "extended" }, async () => {
  const refused = await planWith({ databaseVersion: 17 });
  expect(about(refused.lines, "postgres")).toMatch(
    /^data change, downtime \(~\d+ s\) \| postgres: replaced, old before new; image 16-alpine → 17-alpine$/,
  );
  expect(refused.output).toContain("database-version: postgres has data of PostgreSQL 16");
  expect(refused.exitCode).toBe(4);
  const consented = await planWith({ databaseVersion: 17, databaseUpgrade: "16 -> 17" });
  expect(about(consented.lines, "volume postgres_data_17")).toBe("no downtime | volume postgres_data_17: created; new");
  expect(about(consented.lines, "postgres")).toMatch(
    /^data change, downtime .*; upgrade 16 -> 17: copies all data to a new volume and verifies it, while writers wait/,
  );
  expect(consented.exitCode).toBe(3);
});

test("another name of the database or its superuser is refused, with the name to set back", {
  tags: "extended",
}, async () => {
  const database = await planWith({ databaseName: "post" });
  expect(database.output).toContain("database-name: postgres has the database mailtracker, and post does not exist");
  expect(database.exitCode).toBe(4);
  const user = await planWith({ databaseUser: "post_user" });
  expect(user.output).toContain("Set it back to mailtracker_user.");
  expect(user.exitCode).toBe(4);
});

test("another volume is a data change: the exit code is 3, in Markdown too", { tags: "extended" }, async () => {
  const index = readFileSync(deployment.path("index.ts"), "utf8");
  deployment.write("index.ts", index.replace('"pdf_storage"', '"papers"'));
  const volume = await plan("plan.md");
  expect(about(volume.lines, "volume pdf_storage")).toMatch(/^data change \| .*kept on the server/);
  expect(volume.output).toContain("volume-kept: pdf_storage is a volume with data, and the program no longer uses it.");
  expect(volume.exitCode).toBe(4);
  const onPurpose = await planWith({ policyExceptions: ["volume-kept:pdf_storage"] }, "plan.md");
  deployment.write("index.ts", index);
  expect(onPurpose.output).not.toContain("Policy violations");
  expect(onPurpose.exitCode).toBe(3);
  expect(readFileSync(deployment.path("plan.md"), "utf8")).toMatch(/\| \*\*data change\*\* \| volume pdf\\_storage \|/);
});

test("a generated secret in an environment is refused, whatever the variable's name, and not shown", {
  tags: "extended",
}, async () => {
  const containers = readFileSync(deployment.path("stack/backend-containers.ts"), "utf8");
  deployment.edit("stack/backend-containers.ts", (text) =>
    text.replace(
      "...runtime, command",
      "...runtime, env: { ...runtime.env, HINT: admin.value.apply((value) => ['office', value].join('/')) }, command",
    ),
  );
  const { output, exitCode } = await plan();
  deployment.write("stack/backend-containers.ts", containers);
  expect(output).toContain("backend-1 has a secret in its environment: HINT holds a secret of the stack.");
  expect(output).not.toContain((await deployment.outputs()).adminPassword);
  expect(exitCode).toBe(4);
});

test("an invalid setting is reported in the program's words, with exit code 1", async () => {
  const { output, exitCode } = await planWith({ replicas: 99 });
  expect(output).toMatch(/configuration of stack \S+ is invalid/);
  expect(output).toContain("replicas");
  expect(exitCode).toBe(1);
});

test("a release matches its plan: the same order, no downtime, and a data change by its migrations", async () => {
  deployment.edit("backend/mails/migrations/0003_history.py", (text) => `${text}# Another comment.\n`);
  const { lines, exitCode } = await plan();
  expect(about(lines, "job migrate")).toMatch(/^data change .*image \w{12} → \w{12}; its migrations changed$/);
  expect(lines.filter((line) => line.startsWith("downtime"))).toEqual([]);
  expect(exitCode).toBe(3);

  const before = await containersOf(deployment, localDocker);
  expect(await outageDuring(health, () => deployment.make("up"))).toBe(0);
  const after = await containersOf(deployment, localDocker);
  const made = await byStart(after.filter((id) => !before.includes(id)));
  const planned = lines
    .filter((line) => /: (replaced|runs;)/.test(line))
    .flatMap((line) => {
      const [subjects = ""] = (line.split(" | ")[1] ?? "").replace("job ", "").split(":");
      return subjects.split(", ");
    });
  expect(made[0]).toBe(planned[0]);
  expect(made.slice(1, 3).sort()).toEqual(planned.slice(1, 3).sort());
  expect(made.slice(3)).toEqual(planned.slice(3));
  expect(made).toHaveLength(4);
  expect((await plan()).exitCode).toBe(0);
});

test("a downtime lasts about as long as planned", { tags: "extended" }, async () => {
  settings = { ...settings, databaseMemoryMb: 768 };
  deployment.configure(settings);
  const { lines } = await plan();
  const [, planned = ""] = /downtime \(~(\d+) s\) \| postgres:/.exec(lines.join("\n")) ?? [];
  expect(Number(planned)).toBeGreaterThan(0);
  const outage = await outageDuring(health, () => deployment.make("up"));
  // A shorter downtime is fine; a busy machine takes longer.
  expect(outage).toBeLessThan(Number(planned) + 8);
});

/** The services of the containers, in the order in which they started. */
async function byStart(ids: string[]): Promise<string[]> {
  const listed = await localDocker("inspect", "--format", "{{.State.StartedAt}} {{.Name}}", ...ids);
  const names = listed.split("\n").sort();
  return names.map((line) =>
    line
      .replace(/^.*mailtracker-/, "")
      .replace(`${deployment.stack}-`, "")
      .replace(/-\w{6}$/, ""),
  );
}
