import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { eventually } from "../support/eventually";
import { SmallProject } from "../support/small-project";

interface Line {
  time: string;
  service: string;
  container: string;
  text: string;
}

let server: StandInServer;
let project: SmallProject;

beforeAll(async () => {
  server = await StandInServer.start({ name: "logs" });
  project = new SmallProject({ ...server.settings });
  say("release one");
  await project.pulumi("stack", "init");
  expect((await project.berth("up")).output).not.toContain("error");
});

afterAll(async () => {
  await server?.stop();
  project?.remove();
});

/** Makes a release whose service prints a text with the id of each request. */
function say(text: string) {
  project.edit("app/server.mjs", (source) =>
    source.replace(
      /\(_?request, response\) => \{(\n {2}console\.log.*)?/,
      `(request, response) => {\n  console.log("${text}", request.headers["x-request-id"], request.url);`,
    ),
  );
}

async function lines(...words: string[]): Promise<Line[]> {
  const { output } = await project.berth("logs", "--json", "--lines", "10000", ...words);
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

const visit = (path: string, ...options: string[]) =>
  server.exec(`curl -sS -o /dev/null ${options.join(" ")} http://127.0.0.1${path}`);
const idsOf = (service: string) =>
  server.docker("ps", "--quiet", "--no-trunc", "--filter", `label=berth.service=${service}`);
const journals = () =>
  server.exec("ls -d /var/log/journal/*.berth-* /etc/systemd/journald@berth-* 2>/dev/null || true");

test("a stack moves to its journal in a release without downtime, which leaves nginx's sandbox as it is", async () => {
  const sandbox = await idsOf("nginx-sandbox");
  await visit("/before-the-journal");
  await project.pulumi("config", "set", "logsMaxSizeMb", "64");
  expect((await project.berth("plan")).output).toContain("No downtime, no data change.");
  expect((await project.berth("up")).output).not.toContain("error");
  expect(await idsOf("nginx-sandbox")).toBe(sandbox);
  expect(
    await server.docker(
      "inspect",
      "--format",
      "{{.HostConfig.LogConfig.Type}}",
      (await idsOf("app")).split("\n")[0] ?? "",
    ),
  ).toBe("syslog");
  expect((await project.berth("plan")).output).toContain("Nothing to do");
  expect((await project.berth("drift")).exitCode).toBe(0);
});

test("a request has one id in nginx's log and in the service, whatever the client sends", async () => {
  await visit("/with-an-id?a=%22", "-H 'X-Request-Id: chosen-by-the-client'");
  await eventually(10, async () => expect(await lines("app", "--grep", "/with-an-id")).toHaveLength(1));
  const [access] = (await lines("nginx", "--grep", "/with-an-id")).map(({ text }) => JSON.parse(text));
  expect(access).toMatchObject({
    method: "GET",
    status: 200,
    uri: "/with-an-id?a=%22",
    requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  // nginx rounds both to milliseconds, each on its own.
  expect(access.upstreamSeconds).toBeGreaterThanOrEqual(0);
  expect(access.upstreamSeconds).toBeLessThanOrEqual(access.seconds + 0.002);
  const tag = await server.docker(
    "inspect",
    "--format",
    "{{.Config.Image}}",
    (await idsOf("app")).split("\n")[0] ?? "",
  );
  expect(tag.endsWith(`:${access.release}`)).toBe(true);
  const [said] = await lines("app", "--grep", access.requestId);
  expect(said?.text).toBe(`release one ${access.requestId} /with-an-id?a=%22`);
});

test("logs outlive their containers: `berth logs` reads across releases, by service, time and text", async () => {
  const former = (await idsOf("app")).split("\n");
  const began = new Date().toISOString();
  say("release two");
  await project.berth("up");
  const now = await idsOf("app");
  for (const id of former) expect(now).not.toContain(id);
  await visit("/after-the-release");
  await eventually(10, async () => expect(await lines("app", "--grep", "/after-the-release")).toHaveLength(1));
  const all = await lines("app");
  expect(all.some(({ text }) => /^release one .*\/with-an-id/.test(text))).toBe(true);
  expect(all.map(({ time }) => time)).toEqual(all.map(({ time }) => time).sort());
  expect(new Set(all.map(({ service }) => service))).toEqual(new Set(["app"]));
  expect((await lines("app", "--until", began)).some(({ text }) => text.startsWith("release two"))).toBe(false);
  expect((await lines("app", "--since", began)).some(({ text }) => text.startsWith("release two"))).toBe(true);
  // Docker's own command and the gates still read the last lines.
  const logs = await Promise.all(now.split("\n").map((id) => server.exec(`docker logs ${id} 2>&1`)));
  expect(logs.join("\n")).toContain("/after-the-release");
});

test("logs survive a reboot, after which containers log again", async () => {
  await server.reboot();
  await eventually(120, async () => {
    await visit("/after-the-reboot");
    expect((await lines("app", "--grep", "/after-the-reboot")).length).toBeGreaterThan(0);
  });
  expect((await lines("app", "--grep", "/with-an-id")).length).toBe(1);
});

test("a journal that does not answer stops neither the service nor its restart", { tags: "extended" }, async () => {
  const journal = (
    await server.exec("systemctl list-units --plain --no-legend 'systemd-journald@berth-*.service' | cut -d' ' -f1")
  ).trim();
  await server.exec(`systemctl kill --signal=STOP ${journal}`);
  await server.exec("for n in $(seq 3000); do curl -sS -o /dev/null http://127.0.0.1/while-it-hangs; done");
  const [id = ""] = (await idsOf("app")).split("\n");
  await server.docker("restart", id);
  await server.exec(`systemctl kill --signal=CONT ${journal}`);
  await eventually(30, async () => {
    await visit("/after-it-hung");
    expect((await lines("nginx", "--grep", "/after-it-hung")).length).toBeGreaterThan(0);
  });
});

test("the journal is bounded, and neither the server's journal nor the engine's settings have changed", async () => {
  await project.pulumi("config", "set", "logsMaxSizeMb", "16");
  await project.berth("up");
  const text = "x".repeat(600);
  const id = (await idsOf("nginx")).split("\n")[0];
  await server.exec(`docker exec ${id} sh -c 'for n in $(seq 60000); do echo "$n ${text}"; done >/proc/1/fd/1'`);
  const size = async () => Number((await server.exec("du -sm /var/log/journal/*.berth-*")).split("\t")[0]);
  await eventually(30, async () => expect(await size()).toBeLessThanOrEqual(17));
  expect(await server.exec("ls /etc/systemd/journald.conf.d 2>/dev/null || true")).toBe("");
  expect(await server.docker("info", "--format", "{{.LoggingDriver}}")).toBe("json-file");
  expect(await server.exec("journalctl --no-pager --quiet --grep '^[0-9]* xxxxx' --lines 1 || true")).toBe("");
});

test("without the setting nothing of the journal is left, and containers that log to it are not lost", async () => {
  await project.pulumi("config", "set", "logsMaxSizeMb", "0");
  expect((await project.berth("up")).output).not.toContain("stays on the server");
  expect(await journals()).toBe("");
  await visit("/without-a-journal");
  await eventually(10, async () => expect(await lines("app", "--grep", "/without-a-journal")).toHaveLength(1));
});

test("text is nginx's format combined", async () => {
  await project.pulumi("config", "set", "logFormat", "text");
  await project.berth("up");
  await visit("/as-text");
  await eventually(10, async () =>
    expect((await lines("nginx", "--grep", "/as-text"))[0]?.text).toMatch(
      /^\S+ - - \[.*\] "GET \/as-text HTTP\/1.1" 200 /,
    ),
  );
});
