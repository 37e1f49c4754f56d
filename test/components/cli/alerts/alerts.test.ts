import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { alertsOf, testAlerts } from "../../../../components/cli/alerts/alerts.mts";
import { asText, isWell, testedText } from "../../../../components/cli/alerts/text.mts";
import { parseTested, parseWatch, type Watch } from "../../../../components/cli/alerts/watch.mts";
import { writeFakeSsh, writeProgram } from "../../../support/fake-ssh";

const NOW = 1_800_000_000;
const OPEN = `condition site:inside\topen\t${NOW - 600}\t${NOW - 420}\t0\t180\tThe site does not answer.\tnpx berth status`;
const WAITING = `condition memory:available\twaiting\t${NOW - 60}\t0\t0\t180\tOnly 4 %.\tnpx berth status`;
const ENDING = `condition engine:answer\tending\t${NOW - 600}\t${NOW - 420}\t${NOW - 60}\t180\tThe engine.\tsystemctl`;
const FAILING = `failing ${NOW - 7200}\tntfy (ntfy.sh)\tit answers 404`;

function watch(...lines: string[]): Watch {
  const parsed = parseWatch([`watch ${NOW} ${NOW - 42}`, ...lines].join("\n"));
  if (!parsed) throw new Error("no watch");
  return parsed;
}

describe("the list of alerts", () => {
  test("has each open condition with its beginning and what to do", () => {
    const seen = watch(OPEN, ENDING, WAITING);
    expect(isWell(seen)).toBe(false);
    expect(asText(seen, "berth-alerts-shop-prod").split("\n")).toEqual([
      "Last seen by the watch: 2027-01-15 07:59 UTC",
      "",
      "The site does not answer.",
      "  Since 2027-01-15 07:50 UTC. What to do: npx berth status",
      "",
      "The engine. (ending)",
      "  Since 2027-01-15 07:50 UTC. What to do: systemctl",
      "",
      "Seen, but not long enough to be reported: 1",
    ]);
    expect(seen.conditions[0]).toEqual({
      key: "site:inside",
      state: "open",
      since: "2027-01-15T07:50:00Z",
      text: "The site does not answer.",
      advice: "npx berth status",
    });
  });

  test("is good without an open one", () => {
    expect(isWell(watch(WAITING))).toBe(true);
    expect(asText(watch(), "unit")).toBe("Last seen by the watch: 2027-01-15 07:59 UTC\nNo alert is open.");
  });

  test("names a target that gets no messages", () => {
    expect(isWell(watch(FAILING))).toBe(false);
    expect(asText(watch(FAILING), "unit")).toContain(
      "Messages have not reached ntfy (ntfy.sh) since 2027-01-15 06:00 UTC: it answers 404",
    );
  });

  test.each([
    [
      `watch ${NOW} ${NOW - 1200}`,
      "20 min ago. IT DOES NOT RUN. On the server: systemctl status unit.timer unit.service",
    ],
    [`watch ${NOW} `, "The watch has not run yet. On the server: systemctl status unit.timer"],
  ])("says of %s that it does not run", (line, text) => {
    const seen = parseWatch(line);
    expect(seen && isWell(seen)).toBe(false);
    expect(seen && asText(seen, "unit")).toContain(text);
  });
});

test("a test shows how each target answers", () => {
  const tested = parseTested(
    "a login message\nsent\tntfy (ntfy.sh)\t\nfailed\tslack (hooks.slack.com)\tit answers 404 no_team\n",
  );
  expect(testedText(tested)).toBe(
    "Sent to ntfy (ntfy.sh).\nNOT SENT to slack (hooks.slack.com): it answers 404 no_team",
  );
});

describe("on a server", () => {
  let folder: string;
  const stack = () => ({ name: "prod", project: { name: "shop", folder, backend: `file://${folder}/state` } });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "berth-alerts-"));
    writeFakeSsh(folder);
    const resources = [{ urn: "u", type: "berth:host:Server", outputs: { reach: `${folder}/ssh -T host` } }];
    writeFileSync(join(folder, "state.json"), JSON.stringify({ version: 3, deployment: { resources } }));
    writeProgram(folder, "pulumi", `cat ${folder}/state.json`);
    writeProgram(folder, "sudo", 'shift; exec "$@"');
    vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    vi.unstubAllEnvs();
  });

  test("the files of the watch are read", async () => {
    const alerts = join(folder, "lib/berth/shop-prod/alerts");
    mkdirSync(join(alerts, "delivery"), { recursive: true });
    writeFileSync(join(alerts, "last-run"), `${Math.floor(Date.now() / 1000)}\n`);
    writeFileSync(join(alerts, "conditions"), `${OPEN.replace("condition ", "")}\n`);
    writeFileSync(join(alerts, "delivery/1"), `${FAILING.replace("failing ", "")}\n`);
    writeFileSync(join(alerts, "watch.sh"), "printf 'sent\\tntfy (%s)\\t\\n' \"$1\"\n");
    const seen = await alertsOf(stack());
    expect(seen.age).toBeLessThan(60);
    expect(seen.conditions.map(({ key }) => key)).toEqual(["site:inside"]);
    expect(seen.failing.map(({ target }) => target)).toEqual(["ntfy (ntfy.sh)"]);
    expect(await testAlerts(stack())).toEqual([{ target: "ntfy (test)", sent: true, error: "" }]);
  });

  test("a stack without a watch says which setting makes one", async () => {
    await expect(alertsOf(stack())).rejects.toThrow("The stack prod has no alerts. Set their targets (docs/alerts.md)");
    await expect(testAlerts(stack())).rejects.toThrow("pulumi config set --secret alertsTo --stack prod");
  });
});
