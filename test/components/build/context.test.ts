import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contextHash } from "../../../components/build/context";
import { filesOf } from "../../../components/build/context-files";
import { mayBringBack } from "../../../components/build/ignore-patterns";

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

/** Calls a function as an account that may not read everything. */
function withoutRoot(call: () => void): void {
  const uid = process.geteuid?.() ?? 0;
  if (uid === 0) process.seteuid?.("nobody");
  try {
    call();
  } finally {
    process.seteuid?.(uid);
  }
}

const hash = (change: object = {}) => {
  const text = readFileSync(join(context, "Dockerfile"), "utf8");
  return contextHash({ context, dockerfile: "Dockerfile", text, args: {}, ...change });
};

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

  test("changes with stage, build arguments, platform and another text of the Dockerfile", () => {
    const others = [
      { text: "FROM scratch@sha256:1\n" },
      { target: "test" },
      { args: { VERSION: "1" } },
      { platform: "linux/arm64" },
    ];
    expect(new Set([hash(), ...others.map(hash)]).size).toBe(5);
  });

  test("is that of earlier versions, whose images stay in use", () => {
    writeFileSync(join(context, ".dockerignore"), "*.log\n");
    rmSync(join(context, "node_modules"), { recursive: true });
    symlinkSync("app.py", join(context, "link"));
    chmodSync(join(context, "app.py"), 0o755);
    expect(hash({ target: "web", args: { B: "2", A: "1" } })).toBe("ce97950db3ab");
  });

  test("F24: honours the ignore file of the Dockerfile instead", () => {
    writeFileSync(join(context, "Dockerfile.dockerignore"), "secret.txt\n");
    const before = hash();
    writeFileSync(join(context, "secret.txt"), "");
    expect(hash()).toBe(before);
    writeFileSync(join(context, "debug.log"), "no longer ignored");
    expect(hash()).not.toBe(before);
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

describe("F30: in a build context", () => {
  test("sockets and pipes are skipped, as by docker build", async () => {
    const before = hash();
    execFileSync("mkfifo", [join(context, "pipe")]);
    const server = createServer().listen(join(context, "puma.sock"));
    await once(server, "listening");
    expect(hash()).toBe(before);
    server.close();
  });

  test("a file larger than 2 GiB is read", { timeout: 120_000 }, () => {
    writeFileSync(join(context, "model.bin"), "");
    truncateSync(join(context, "model.bin"), 2 ** 31 + 10);
    expect(hash()).toMatch(/^[0-9a-f]{12}$/);
  });

  test("a folder or file that cannot be read is named with what to do", () => {
    chmodSync(context, 0o755);
    mkdirSync(join(context, "pgdata"), { mode: 0o000 });
    const fix = `Allow it, or leave it out: add /pgdata to ${context}/.dockerignore.`;
    withoutRoot(() => expect(() => hash()).toThrow(`This account cannot read the folder ${context}/pgdata. ${fix}`));
    rmSync(join(context, "pgdata"), { recursive: true });
    chmodSync(join(context, "app.py"), 0o000);
    withoutRoot(() => expect(() => hash()).toThrow(`This account cannot read the file ${context}/app.py.`));
  });

  test.each([
    ["pgdata\n", false],
    ["pgdata\n!keep.log\n", false],
    ["pgdata\n!other/pgdata\n!*.md\n", false],
    ["pgdata\n!pg*/keep\n", true],
    ["pgdata\n!pgdata/sub/keep\n", true],
    ["pgdata\n! ./pgdata/keep\n", true],
    ["pgdata\n!**/keep\n", true],
  ])("an ignored folder is read only if a line may bring a file in it back: %j", (patterns, read) => {
    expect(mayBringBack(patterns, "pgdata")).toBe(read);
    mkdirSync(join(context, "pgdata", "sub"), { recursive: true });
    for (const file of ["keep", "sub/keep", "other"]) writeFileSync(join(context, "pgdata", file), "");
    writeFileSync(join(context, ".dockerignore"), patterns);
    expect(filesOf(context, ".dockerignore").some((file) => file.startsWith("pgdata/"))).toBe(read);
  });
});
