import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contextHash, filesOf } from "../../../components/build/context";

let context: string;
beforeEach(() => {
  context = mkdtempSync(join(tmpdir(), "context-"));
  writeFileSync(join(context, "Dockerfile"), "FROM scratch\n");
  writeFileSync(join(context, "app.py"), "print('one')\n");
  writeFileSync(join(context, ".dockerignore"), "*.log\nnode_modules\n!keep.log\n");
  mkdirSync(join(context, "node_modules"));
  writeFileSync(join(context, "node_modules", "big.js"), "");
});
afterEach(() => rmSync(context, { recursive: true }));

const hash = (change: object = {}) => contextHash({ context, dockerfile: "Dockerfile", args: {}, ...change });

describe("the fingerprint of a build context", () => {
  test("is the same for the same sources", () => {
    expect(hash()).toBe(hash());
    expect(hash()).toMatch(/^[0-9a-f]{12}$/);
  });

  test.each<[string, () => unknown]>([
    ["a file's bytes", () => writeFileSync(join(context, "app.py"), "print('two')\n")],
    ["a new file", () => writeFileSync(join(context, "new.py"), "")],
    ["an executable bit", () => chmodSync(join(context, "app.py"), 0o755)],
    ["a file that .dockerignore brings back", () => writeFileSync(join(context, "keep.log"), "")],
    ["the Dockerfile", () => writeFileSync(join(context, "Dockerfile"), "FROM debian\n")],
  ])("changes with %s", (_, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });

  test("changes with stage and build arguments", () => {
    expect(new Set([hash(), hash({ target: "test" }), hash({ args: { VERSION: "1" } })]).size).toBe(3);
  });

  test("changes with each version after the first, which keeps the tags of earlier releases", () => {
    expect(hash({ version: 1 })).toBe(hash());
    expect(new Set([hash(), hash({ version: 2 }), hash({ version: 3 })]).size).toBe(3);
  });

  test("does not change with what .dockerignore leaves out", () => {
    const before = hash();
    writeFileSync(join(context, "debug.log"), "noise");
    writeFileSync(join(context, "node_modules", "other.js"), "");
    expect(hash()).toBe(before);
  });

  test("is the same for a relative context path with a leading ./", () => {
    expect(filesOf("./nginx", ".dockerignore")).toContain("Dockerfile");
  });
});
