import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { engineHome, engineVariables } from "../../../../components/cli/engine/environment.mts";
import { findPulumi, isAtLeast } from "../../../../components/cli/engine/find.mts";

let project: string;
let home: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "berth-home-"));
  home = join(project, ".pulumi-home");
  for (const name of ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE", "GOGC"]) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(project, { recursive: true });
});

const install = () => {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "installed"), "x");
};
const paths = () => (engineVariables(home)["PATH"] ?? "").split(delimiter);

describe("the environment for Pulumi", () => {
  test("names a private passphrase file, which is created once", () => {
    const file = join(home, "passphrase");
    expect(engineVariables(home)["PULUMI_CONFIG_PASSPHRASE_FILE"]).toBe(file);
    const first = readFileSync(file, "utf8");
    expect(first.length).toBeGreaterThan(40);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    engineVariables(home);
    expect(readFileSync(file, "utf8")).toBe(first);
  });

  test("keeps the user's passphrase, even an empty one", () => {
    for (const passphrase of ["mine", ""]) {
      vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", passphrase);
      expect(engineVariables(home)).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
    }
  });

  test("puts Berth's Pulumi on PATH only where Berth installed it", () => {
    expect(paths()).not.toContain(join(home, "bin"));
    install();
    expect(paths()[0]).toBe(join(home, "bin"));
    expect(engineVariables(home)["PULUMI_HOME"]).toBe(home);
  });

  test("has the running Node.js on PATH once", () => {
    vi.stubEnv("PATH", "/usr/bin");
    expect(paths()).toEqual([dirname(process.execPath), "/usr/bin"]);
    vi.stubEnv("PATH", paths().join(delimiter));
    expect(paths()).toEqual([dirname(process.execPath), "/usr/bin"]);
  });

  test("keeps variables that are set", () => {
    vi.stubEnv("GOGC", "100");
    expect(engineVariables(home)).toMatchObject({ GOGC: "100", PULUMI_SKIP_UPDATE_CHECK: "true" });
  });
});

test("Pulumi's home is the nearest one in the project's folder or above", () => {
  const inner = join(project, "examples", "shop");
  mkdirSync(inner, { recursive: true });
  expect(engineHome(inner)).toBe(join(inner, ".pulumi-home"));
  mkdirSync(home);
  expect(engineHome(inner)).toBe(home);
});

describe("Pulumi", () => {
  const onPath = (version: string) => {
    const bin = join(project, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "pulumi"), `#!/bin/sh\necho ${version}\n`);
    chmodSync(join(bin, "pulumi"), 0o755);
    vi.stubEnv("PATH", bin);
    return join(bin, "pulumi");
  };

  test("is found on PATH when it is recent enough", () => {
    const program = onPath("v3.217.0");
    expect(findPulumi(home)).toEqual({ program, version: "3.217.0" });
    onPath("v3.99.0");
    expect(findPulumi(home)).toBeUndefined();
  });

  test("is the one Berth installed where there is one", () => {
    onPath("v3.217.0");
    install();
    expect(findPulumi(home)?.program).toBe(join(home, "bin", "pulumi"));
  });

  test("versions compare numerically", () => {
    expect(isAtLeast("3.200.0", "3.200.0")).toBe(true);
    expect(isAtLeast("3.200.0", "3.1000.0")).toBe(true);
    expect(isAtLeast("3.200.0", "3.199.9")).toBe(false);
    expect(isAtLeast("3.200.0", "4.0.0-alpha.1")).toBe(true);
  });
});
