import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { requireNoSettings, writeSettings } from "../../../../components/cli/preview-env/settings-file.mts";
import { readTemplate } from "../../../../components/cli/preview-env/template.mts";
import type { Project } from "../../../../components/cli/project/project.mts";
import { requireSettingsFile } from "../../../../components/cli/project/stack.mts";

let project: Project;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "berth-template-"));
  project = { folder, name: "shop", backend: "file://./.pulumi-state" };
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
});
afterEach(() => rmSync(project.folder, { recursive: true }));

const write = (text: string, file = "Pulumi.preview.yaml") => writeFileSync(join(project.folder, file), text);
const stack = (name = "preview-a") => ({ project, name });

describe("the template", () => {
  test("has a limit of ten and a lifetime of a week by default", () => {
    write("preview:\n  domain: preview.example.org\n");
    expect(readTemplate(project).rules).toEqual({ domain: "preview.example.org", limit: 10, lifetime: 7 });
  });

  test("that is missing is shown", () => {
    expect(() => readTemplate(project)).toThrow(/There is no Pulumi.preview.yaml.*preview:\n {2}domain:/s);
  });

  test("is not the file of an ordinary stack called preview", () => {
    write("config:\n  shop:siteName: a.example.org\n");
    expect(() => readTemplate(project)).toThrow("it has no block preview");
    expect(requireSettingsFile(stack("preview"))).toContain("Pulumi.preview.yaml");
  });

  test("cannot be deployed as a stack, and is not listed as one", () => {
    write("preview:\n  domain: preview.example.org\n");
    write("config: {}\n", "Pulumi.prod.yaml");
    expect(() => requireSettingsFile(stack("preview"))).toThrow("npx berth preview-env up <name>");
    expect(() => requireSettingsFile(stack("staging"))).toThrow("The stacks here are: prod.");
  });

  test("with mistakes names all of them", () => {
    write(`preview:
  domain: not a domain
  limit: 0
  lifetimes: 3
  seed: [backend]
  restore: {from: prod}
config:
  shop:siteName: a.example.org
  forceDestroyData: prod
  shop:apiKey: {secure: v1:abc}
`);
    expect(() => readTemplate(project)).toThrow(/nothing was changed/);
    for (const text of [
      "preview.domain: must be a domain such as preview.example.org",
      "preview.limit: ",
      '"lifetimes"',
      "preview.restore.sanitize: ",
      "preview.seed: must be a service and a command",
      "siteName is set for each preview environment",
      "forceDestroyData is set for each preview environment",
      'apiKey is encrypted, for one stack only. Let it be generated, or name a command that prints it: secretCommands, e.g. ["apiKey=printenv PREVIEW_SECRET"]',
    ]) {
      expect(() => readTemplate(project)).toThrow(text);
    }
  });
});

test("the SQL that makes a backup harmless must exist", () => {
  write("preview:\n  domain: preview.example.org\n  restore: {from: prod, sanitize: harmless.sql}\n");
  expect(() => readTemplate(project)).toThrow("preview.restore.sanitize: there is no file harmless.sql in the project");
  write("UPDATE people SET mail = '';\n", "harmless.sql");
  expect(readTemplate(project).rules.restore).toEqual({ from: "prod", sanitize: "harmless.sql" });
});

describe("the settings of a preview environment", () => {
  test("are those of the template, with its own name, the front door, and consent to delete its data", () => {
    write(`encryptionsalt: v1:abc
preview:
  domain: preview.example.org
config:
  shop:serverHost: 203.0.113.7
  tls: off
  docker:host: "x"
`);
    writeSettings(stack(), readTemplate(project));
    const text = readFileSync(join(project.folder, "Pulumi.preview-a.yaml"), "utf8");
    // Pulumi reads YAML 1.1.
    expect(parse(text, { version: "1.1" })).toEqual({
      config: {
        "shop:serverHost": "203.0.113.7",
        "shop:tls": "off",
        "docker:host": "x",
        "shop:siteName": "a.preview.example.org",
        "shop:frontDoor": true,
        "shop:forceDestroyData": "preview-a",
      },
    });
  });

  test("of a new one never replace a file that somebody wrote", () => {
    write("preview:\n  domain: preview.example.org\n");
    expect(() => requireNoSettings(stack())).not.toThrow();
    writeSettings(stack(), readTemplate(project));
    expect(() => requireNoSettings(stack())).not.toThrow();
    write("config: {}\n", "Pulumi.preview-a.yaml");
    expect(() => requireNoSettings(stack())).toThrow("was not written by npx berth preview-env");
  });
});
