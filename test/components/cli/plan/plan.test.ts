import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { environmentReasons } from "../../../../components/cli/plan/environment.mjs";
import { linesOf } from "../../../../components/cli/plan/lines.mjs";
import { asMarkdown } from "../../../../components/cli/plan/markdown.mjs";
import { readPreview, type Step } from "../../../../components/cli/plan/steps.mjs";
import { asText } from "../../../../components/cli/plan/terminal.mjs";
import { shortImage } from "../../../../components/cli/plan/values.mjs";

/** A real preview, reduced to what a plan uses: without unchanged resources, defaults and equal values. */
function recorded(name: string): Step[] {
  return readPreview(readFileSync(`test/components/cli/plan/recorded/preview-${name}.json`, "utf8")).steps;
}

/** The lines as text: impact, action and reason. */
function told(name: string): string[] {
  return asText("prod", linesOf(recorded(name)))
    .split("\n")
    .filter((line) => line.startsWith("  "))
    .map((line) => line.trim().replace(/ {2,}/g, " | "));
}

describe("a plan", () => {
  test("reports when there is nothing to do", () => {
    expect(linesOf(recorded("noop"))).toEqual([]);
    expect(asText("prod", [])).toBe("Nothing to do: the stack prod matches the program.\n");
    const obstacles = ["name a.test: belongs to the site of the stack web of shop. Remove it there first."];
    expect(asText("prod", [], [], obstacles)).toContain(`\nThe server refuses this release:\n- ${obstacles[0]}\n`);
    expect(asMarkdown("prod", [], [], obstacles)).toContain("**The server refuses this release:**\n\n- name a.test");
  });

  test("of a release lists image, job, replicas and proxy once each in order, with the reason", () => {
    expect(told("release")).toEqual([
      "no downtime | image backend: built; 0a73c5cf6f84 → 2d2422edbcb9",
      "data change | job migrate: runs; image 0a73c5cf6f84 → 2d2422edbcb9; its migrations changed",
      "no downtime | backend-1, backend-2: replaced, new before old; image 0a73c5cf6f84 → 2d2422edbcb9",
      "no downtime | nginx: replaced, new before old; its files (configuration or secrets) changed; follows backend-1, backend-2",
      "no downtime | nginx, backend-1, backend-2, job migrate: previous versions drained and removed",
    ]);
  });

  test("names a build that runs again without changing the image, such as with another secret", () => {
    const steps = recorded("release").map((step) =>
      step.urn === "RemoteImage::backend" ? { ...step, op: "same" } : step,
    );
    const [line] = linesOf(steps);
    expect(line).toMatchObject({
      subjects: ["image backend"],
      event: "build repeated; an image that exists stays",
      reasons: ["its script changed", "its input changed"],
    });
  });

  test("takes over an image that an earlier version of Berth built, without a reason to replace containers", () => {
    const name = "mailtracker-prod/backend:0a73c5cf6f84";
    const type = "docker:index/remoteImage:RemoteImage";
    const old = { type, inputs: { name, build: { context: "./backend" } }, retainOnDelete: false };
    const now = { type, inputs: { name }, dependencies: ["Command::backend-built"], retainOnDelete: false };
    const command = { type: "command:local:Command", inputs: {}, retainOnDelete: false };
    const steps: Step[] = [
      { op: "create", urn: "Command::backend-built", newState: command },
      { op: "create-replacement", urn: "RemoteImage::backend", oldState: old, newState: now },
      { op: "delete-replaced", urn: "RemoteImage::backend", oldState: old },
    ];
    expect(linesOf(steps).map(({ subjects, event, reasons }) => [subjects, event, reasons])).toEqual([
      [["image backend"], "built", []],
    ]);
  });

  test("of several servers names what joins, with the consequence, and shows a service with its gate as one line", () => {
    const command = { type: "command:local:Command", inputs: {}, retainOnDelete: false };
    const service = { type: "docker:index/service:Service", inputs: { labels: [] }, retainOnDelete: false };
    const gate = { ...command, propertyDependencies: { triggers: ["Service::web"] } };
    const steps: Step[] = [
      { op: "create", urn: "urn::beta-joined", newState: command },
      { op: "create-replacement", urn: "Service::web", oldState: service, newState: service },
      { op: "replace", urn: "Command::web-healthy", oldState: gate, newState: gate },
      { op: "delete-replaced", urn: "Service::web", oldState: service },
    ];
    expect(linesOf(steps).map(({ subjects, event }) => `${subjects}: ${event}`)).toEqual([
      "beta-joined: joins the Swarm; without live-restore, its containers stop while Docker restarts",
      "service web: replaced, new before old",
      "service web: previous versions drained and removed",
    ]);
  });

  test("reports no data change for a release with the migrations of the last one", () => {
    const steps = JSON.parse(
      JSON.stringify(recorded("release")).replaceAll(/("berth\.migrations","value":)"\w+"/g, '$1"same"'),
    );
    expect(linesOf(steps).map(({ mark }) => mark.kind)).not.toContain("data change");
  });

  test("reports a data change for a job that does not declare its migrations", () => {
    const steps = JSON.parse(JSON.stringify(recorded("rotate")).replaceAll("berth.migrations", "berth.other"));
    expect(linesOf(steps).find(({ subjects }) => subjects.includes("job migrate"))?.mark).toEqual({
      kind: "data change",
    });
  });

  test("of a changed database password reports no downtime and shows no password", () => {
    const lines = linesOf(recorded("rotate"));
    expect(new Set(lines.map(({ mark }) => mark.kind))).toEqual(new Set(["no downtime"]));
    expect(told("rotate")[1]).toBe("no downtime | postgres-login: runs again; follows secret postgres-password-v2");
    expect(told("rotate").at(-1)).toContain("postgres-login: previous versions drained and removed");
    expect(told("rotate").join()).not.toMatch(/\[secret\]|04da6b54/);
  });

  test("reports the downtime of a container that is deleted before its replacement is created", () => {
    expect(told("memory")).toEqual([
      "downtime (~2 s) | postgres: replaced, old before new; command changed; memory 512 → 768 MiB",
      "no downtime | postgres-login: runs again; follows postgres",
    ]);
  });

  test("reports a data change for another volume or another major version of the database", () => {
    expect(told("volume")).toEqual([
      "no downtime | image postgres: pulled; 16-alpine → 17-alpine",
      "no downtime | volume postgres_files: created; new",
      "data change, downtime (~2 s) | postgres: replaced, old before new; image 16-alpine → 17-alpine; mounts changed",
      "no downtime | postgres-login: runs again; follows postgres",
      "data change | volume postgres_data: no longer used; kept on the server with its data",
    ]);
    expect(asText("prod", linesOf(recorded("volume")))).toContain("Data change: postgres, volume postgres_data.");
  });

  test("names an existing container that was not healthy in the last release", () => {
    const gate = {
      op: "create",
      urn: "Command::backend-1-healthy",
      newState: {
        type: "command:local:Command",
        inputs: {},
        propertyDependencies: { triggers: ["Container::backend-1"] },
      },
    };
    const { steps } = readPreview(JSON.stringify({ steps: [...recorded("noop"), gate] }));
    expect(linesOf(steps)).toMatchObject([
      { subjects: ["backend-1"], event: "started and health-checked", mark: { kind: "no downtime" } },
    ]);
  });

  test("counts the start of the front door when a site moves behind it", () => {
    const ports = [{ internal: 443, external: 443, ip: "0.0.0.0" }];
    const state = (own: object) => ({
      type: "docker:index/container:Container",
      inputs: { labels: [{ label: "berth.service", value: "nginx-sandbox" }], ...own },
    });
    const replaced = (after: object) => {
      const urn = "Container::nginx-sandbox";
      const steps = [
        { op: "delete-replaced", urn, oldState: state({ ports }) },
        { op: "create-replacement", urn, oldState: state({ ports }), newState: state(after) },
      ];
      return linesOf(readPreview(JSON.stringify({ steps })).steps)[0]?.mark;
    };
    expect(replaced({ ports })).toEqual({ kind: "downtime", seconds: 1 });
    expect(replaced({})).toEqual({ kind: "downtime", seconds: 4 });
  });

  test.each([
    ["a service that goes for good", {}, { kind: "downtime" }],
    ["one nobody waits for", { label: "berth.background", value: "true" }, { kind: "no downtime" }],
    ["one of two replicas", { label: "berth.service", value: "backend" }, { kind: "no downtime" }],
  ])("judges %s by its labels", (_, label, mark) => {
    const removed = {
      op: "delete",
      urn: "Container::adminer-1",
      oldState: { type: "docker:index/container:Container", inputs: { restart: "unless-stopped", labels: [label] } },
    };
    const { steps } = readPreview(JSON.stringify({ steps: [...recorded("noop"), removed] }));
    expect(linesOf(steps)).toEqual([{ subjects: ["adminer-1"], event: "removed", reasons: [], mark }]);
  });

  test("as Markdown is a table with the same rows", () => {
    const rows = asMarkdown("prod", linesOf(recorded("volume"))).split("\n");
    expect(rows[0]).toBe("### Plan for the stack prod");
    expect(rows.filter((row) => /^\| \d/.test(row))).toHaveLength(5);
    expect(rows).toContain(
      "| 5 | **data change** | volume postgres\\_data | no longer used; kept on the server with its data |  |",
    );
  });

  test("is refused for output that is no preview", () => {
    expect(() => readPreview("error: no")).toThrow();
  });
});

describe("a changed environment", () => {
  const image = "mailtracker-prod/backend:86bc9c32bdf7";

  test("is listed by variable, without repeating the image name", () => {
    const before = ["MAX=10", "OLD=1", "RELEASE=0a73c5cf6f84"];
    const after = ["MAX=61", "NEW=2", "RELEASE=86bc9c32bdf7"];
    expect(environmentReasons(before, after, image)).toEqual([
      "environment MAX 10 → 61",
      "environment OLD removed",
      "environment NEW added: 2",
    ]);
  });

  test.each([
    ["a name that says so", ["API_TOKEN=one"], ["API_TOKEN=two"], "environment API_TOKEN changed"],
    ["an address with a password", ["URL=x://u:one@h"], ["URL=x://u:two@h"], "environment URL changed"],
    ["the engine that masks it", "[secret]", "[secret]", "environment changed (secret)"],
  ])("hides the value of a secret recognised by %s", (_, before, after, reason) => {
    expect(environmentReasons(before, after, image)).toEqual([reason]);
  });
});

describe("an image", () => {
  test("is abbreviated when only its version changes", () => {
    expect(shortImage("app:one", "app:two")).toBe("one → two");
    expect(shortImage("app:one", "other:one")).toBe("app:one → other:one");
  });
});
