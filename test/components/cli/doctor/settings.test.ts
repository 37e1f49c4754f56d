import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readSettings } from "../../../../components/cli/doctor/settings.mts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "settings-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: my_App.1\nruntime: nodejs\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The settings of a stack whose file has this content. */
function settings(yaml: string) {
  writeFileSync(join(folder, "Pulumi.prod.yaml"), yaml);
  return readSettings({ name: "prod", project: { name: "my_App.1", folder, backend: "" } });
}

describe("F17: the server of a stack is read from every form of YAML", () => {
  test.each([
    ["no quotes", "config:\n  my_App.1:serverHost: 203.0.113.7"],
    ["double quotes", 'config:\n  my_App.1:serverHost: "203.0.113.7"'],
    ["single quotes", "config:\n  my_App.1:serverHost: '203.0.113.7'"],
    ["a quoted name", 'config:\n  "my_App.1:serverHost": 203.0.113.7'],
    ["no prefix", "config:\n  serverHost: 203.0.113.7"],
    ["flow style", 'config: { "my_App.1:serverHost": "203.0.113.7" }'],
    ["an escape and a comment", 'config:\n  my_App.1:serverHost: "203.0.113\\x2e7" # the server'],
    ["a block", "config:\n  my_App.1:serverHost: >-\n    203.0.113.7"],
    ["an anchor", "config:\n  other:host: &host 203.0.113.7\n  my_App.1:serverHost: *host"],
    ["JSON", '{"config": {"my_App.1:serverHost": "203.0.113.7"}}'],
  ])("with %s", (_, yaml) => {
    expect(settings(yaml).values["serverHost"]).toBe("203.0.113.7");
  });

  test("and is this machine only where it is not set", () => {
    expect(settings("config:\n  my_App.1:serverHost: ''").values["serverHost"]).toBe("");
    expect(settings("# serverHost: 203.0.113.7\nconfig:\n  other:serverHost: 203.0.113.7").values["serverHost"]).toBe(
      "",
    );
  });
});
