import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { flag, list, number, optional, origins, setting, toolPort } from "../../../components";
import { withConfig } from "../../../components/settings/pulumi-yaml";
import { environment } from "../../../components/settings/setting";
import { withTables } from "../../../components/settings/settings-page";

const WORKERS = setting(number(1, 64), { default: 4, description: "Worker processes.", env: "WORKERS" });

describe("a declaration", () => {
  test("rejects a default that does not match the type", () => {
    const declare = () => setting(number(1, 5), { default: 9, description: "Replicas." });
    expect(declare).toThrow("The default 9 must be a whole number from 1 to 5: Replicas.");
  });

  test("rejects a secret with a default, without repeating it", () => {
    const declare = () => setting(optional, { default: "t0p", description: "Key.", secret: true });
    expect(declare).toThrow(/^A secret has no default: Key\.$/);
  });

  test("rejects a secret as an environment variable", () => {
    const declare = () => setting(optional, { default: "", description: "Key.", secret: true, env: "KEY" });
    expect(declare).toThrow(/^KEY: a secret is passed to a container as a file/);
  });
});

describe("the environment", () => {
  test("has the settings that declare a variable, as text, and omits empty ones", () => {
    const settings = {
      debug: setting(flag, { default: false, description: "Debug mode.", env: "DEBUG" }),
      workers: WORKERS,
      origins: setting(origins, { default: [], description: "Origins.", env: "ORIGINS" }),
      port: setting(toolPort, { default: 0, description: "Port.", env: "PORT" }),
      memory: setting(number(1, 9), { default: 1, description: "Memory." }),
    };
    const values = { debug: true, workers: 4, origins: ["http://a", "http://b"], port: undefined, memory: 2 };
    expect(environment(settings, values)).toEqual({ DEBUG: "true", WORKERS: "4", ORIGINS: "http://a,http://b" });
  });
});

describe("Pulumi.yaml", () => {
  const before = `name: shop
# Where the state is.
backend:
  url: file://./.pulumi-state
config: # All settings.
  # Names of containers.
  pulumi:autonaming:
    value: x
  gone:
    type: string
    description: Was removed.
`;
  const settings = {
    workers: WORKERS,
    tls: setting(z.string(), { default: "off", description: "HTTPS: on or off." }),
    memory: setting(number(1, 9), { default: 1, description: "Memory limit.", unit: "MiB" }),
    hosts: setting(list(z.string()), { default: ["a"], description: "Hosts." }),
    live: setting(flag, { default: true, description: "Live." }),
    key: setting(optional, { description: "Key.", secret: true }),
  };
  const after = withConfig(before, settings);

  test("gets type, default and description of each setting, in order", () => {
    const { config } = parse(after);
    expect(Object.keys(config)).toEqual(["pulumi:autonaming", ...Object.keys(settings)]);
    expect(config).toMatchObject({
      workers: { type: "integer", default: 4, description: "Worker processes." },
      tls: { type: "string", default: "off" },
      memory: { type: "integer", default: 1, description: "Memory limit. Unit: MiB." },
      hosts: { type: "array", items: { type: "string" }, default: ["a"] },
      live: { type: "boolean", default: true },
      key: { type: "string", description: "Key. Set it with --secret." },
    });
    expect(config.key).not.toHaveProperty("default");
  });

  test("quotes values that YAML 1.1, which Pulumi reads, parses as another type", () => {
    expect(after).toContain('default: "off"');
  });

  test("keeps comments and Pulumi's own entries, and drops undeclared settings", () => {
    for (const kept of ["# Where the state is.", "# All settings.", "# Names of containers.", "pulumi:autonaming:"]) {
      expect(after).toContain(kept);
    }
    expect(after).not.toContain("gone");
  });

  test("does not change a second time", () => {
    expect(withConfig(after, settings)).toBe(after);
  });

  test("gets the config block when it has none", () => {
    expect(parse(withConfig("name: shop\n", { workers: WORKERS })).config.workers.default).toBe(4);
  });
});

describe("the settings page", () => {
  const page = "# Settings\n\n<!-- settings: own -->\nold\n<!-- end -->\n\nMore.\n";

  test("has a row for each setting, with its variable and whether a rollback restores it", () => {
    const own = {
      workers: WORKERS,
      secretVersion: setting(number(1, 9), { default: 1, description: "a | b <c>.", rollback: false }),
      key: setting(optional, { default: "", description: "Key.", secret: true }),
      name: setting(z.string(), { description: "Name." }),
    };
    expect(withTables(page, { own })).toBe(`# Settings

<!-- settings: own -->
| Setting | Default | Description |
|---|---|---|
| \`workers\` | \`4\` | Worker processes. Environment variable: \`WORKERS\`. |
| \`secretVersion\` | \`1\` | a \\| b &lt;c>. Not restored by a rollback. |
| \`key\` | none | Key. Set it with --secret. |
| \`name\` | required | Name. |
<!-- end -->

More.
`);
  });

  test("a missing table is named in the error", () => {
    expect(() => withTables(page, { standard: {} })).toThrow("There are no settings called own, only standard");
  });
});

describe("the command", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "settings with space-"));
    cpSync("examples/antone/settings.ts", join(folder, "settings.ts"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
    symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const generate = (...words: string[]) =>
    execa("node", [join(process.cwd(), "components/cli/bin.js"), "settings", ...words], { cwd: folder, reject: false });

  test("reports stale files with the command that updates them, and updates them", async () => {
    const checked = await generate("--check");
    expect(checked.exitCode).toBe(1);
    expect(checked.stdout).toBe("Pulumi.yaml is stale: it does not match the declared settings");
    expect(checked.stderr).toMatch(/^To update it: npx berth settings$/m);
    expect(readFileSync(join(folder, "Pulumi.yaml"), "utf8")).toBe("name: shop\n");

    expect((await generate()).stdout).toBe("Pulumi.yaml updated");
    const { config } = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8"));
    expect(config).toMatchObject({ httpPort: { default: 80 }, apiUrl: { type: "string" } });
    expect(await generate("--check")).toMatchObject({ exitCode: 0, stdout: "" });
  });
});
