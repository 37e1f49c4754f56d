import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder: string;
let bin: string;

/** Pulumi's stacks are files: `<stack>.tags` and `<stack>.state`. The engine prints the lines of the file `docker`. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-preview-"));
  bin = join(folder, "bin");
  mkdirSync(bin);
  write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
  write(
    "Pulumi.preview.yaml",
    "preview:\n  domain: preview.example.org\n  limit: 1\nconfig:\n  shop:tls: self-signed\n",
  );
  write("stacks", "");
  write("docker", "");
  standIn(
    "pulumi",
    `cd ${folder}
     for last; do :; done
     case $* in
       version*) echo v3.270.0 ;;
       "stack ls"*) sed 's/.*/{"name":"&"}/' stacks | paste -s -d , - | sed 's/.*/[&]/' ;;
       "stack tag ls"*) stack=\${*#*--stack }; cat "\${stack%% *}.tags" 2>/dev/null || echo '{}' ;;
       "stack export"*) stack=\${*#*--stack }; cat "\${stack%% *}.state" ;;
       "stack init"*) echo "created $3" >>calls; echo "$3" >>stacks ;;
       destroy*) echo destroyed >>calls; : >docker ;;
       "stack rm"*) echo "removed $3" >>calls; grep -vx "$3" stacks >rest; mv rest stacks ;;
     esac`,
  );
  standIn(
    "docker",
    `case $* in
       version*) echo 29.0.0 ;;
       "image ls --all"*) cat ${folder}/docker ;;
       "image rm"*) echo "$*" >>${folder}/calls; [ ! -e ${folder}/in-use ] || { echo "image is in use" >&2; exit 1; }; : >${folder}/docker ;;
     esac`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}

function standIn(name: string, script: string): void {
  write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

const resources = [
  { urn: "urn:pulumi:x::shop::berth:host:Server::server", type: "berth:host:Server", outputs: { reach: "" } },
];

/** A stack of the project. Without a mark, somebody else made it. */
function stack(name: string, mark?: { expires?: string; of?: string }, deployed = true): void {
  write("stacks", `${readFileSync(join(folder, "stacks"), "utf8")}${name}\n`);
  write(`${name}.state`, JSON.stringify({ version: 3, deployment: { resources: deployed ? resources : [] } }));
  if (!mark) return;
  const { expires = "2999-01-01T00:00:00.000Z", of = name.slice("preview-".length) } = mark;
  const made = { of, url: `https://${of}.preview.example.org`, created: "2026-11-01T00:00:00.000Z" };
  const updated = { expires, commit: "4f1c2a90aaaa", by: "ada", complete: true };
  const tags = { "berth:preview": JSON.stringify(made), "berth:preview-up": JSON.stringify(updated) };
  write(`${name}.tags`, JSON.stringify(tags));
}

function previewEnv(...words: string[]) {
  const { exitCode, all } = execaSync("node", [resolve("components/cli/bin.js"), "preview-env", ...words], {
    reject: false,
    all: true,
    cwd: folder,
    input: "",
    env: {
      PATH: `${bin}:${process.env.PATH}`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_BACKEND_URL: undefined,
      HOME: folder,
      XDG_CACHE_HOME: join(folder, "cache"),
      XDG_STATE_HOME: join(folder, "state"),
    },
  });
  return { exitCode, output: String(all) };
}

const calls = () => (existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8") : "");

describe("list", () => {
  test("shows the stacks with a mark, with age, expiry, commit and person", () => {
    stack("prod");
    stack("preview-mine");
    stack("preview-a", {});
    const { output } = previewEnv("list");
    expect(output).toMatch(/^NAME +URL +AGE +EXPIRES +COMMIT +PERSON$/m);
    expect(output).toMatch(/^a +https:\/\/a\.preview\.example\.org +\d+ days +in \d+ days +4f1c2a9 +ada$/m);
    expect(output).not.toContain("mine");
    expect(JSON.parse(previewEnv("list", "--json").output)).toMatchObject([
      { name: "a", stack: "preview-a", expired: false, complete: true, by: "ada" },
    ]);
  });

  test("says that there are none", () => {
    expect(previewEnv("list").output).toContain("There are no preview environments.");
  });
});

describe("up", () => {
  test("is refused beyond the limit, before anything is written", () => {
    stack("preview-a", {});
    const { exitCode, output } = previewEnv("up", "b");
    expect([exitCode, output]).toEqual([1, expect.stringContaining("There are 1 preview environments")]);
    expect(output).toContain("npx berth preview-env down <name>");
    expect(existsSync(join(folder, "Pulumi.preview-b.yaml"))).toBe(false);
  });

  test("is refused with a Pulumi that keeps no tags, before anything is deployed", () => {
    const { exitCode, output } = previewEnv("up", "b");
    expect([exitCode, output]).toEqual([1, expect.stringContaining("This needs Pulumi 3.211 or later.")]);
    expect(calls()).toBe("created preview-b\n");
  });

  test("is refused for a stack that somebody else made, and for another branch's name", () => {
    stack("preview-mine");
    expect(previewEnv("up", "mine").output).toContain("was not made by npx berth preview-env");
    stack("preview-a", { of: "A" });
    expect(previewEnv("up", "a").output).toContain("is taken by the preview environment of A");
    expect(calls()).toBe("");
  });
});

describe("down", () => {
  test("destroys the stack, then removes its images, folders, state and files", () => {
    stack("preview-a", {});
    write("docker", "shop-preview-a/app 1 sha256:abc\nshop-preview-b/app 1 sha256:abc\n");
    for (const path of ["cache/berth/shop-preview-a/app", "cache/berth/shop-preview-b", "state/berth/shop-preview-a"]) {
      mkdirSync(join(folder, path), { recursive: true });
    }
    const history = ".pulumi-state/.pulumi/history/shop/preview-a";
    mkdirSync(join(folder, history), { recursive: true });
    standIn("pulumi", readFileSync(join(bin, "pulumi"), "utf8").replace("; : >docker", ""));
    const { exitCode, output } = previewEnv("down", "a");
    expect(output).toContain("The preview environment a is removed, and nothing is left of it.");
    expect(exitCode).toBe(0);
    expect(calls()).toBe("destroyed\nimage rm shop-preview-a/app:1\nremoved preview-a\n");
    expect(existsSync(join(folder, "cache/berth/shop-preview-a"))).toBe(false);
    expect(existsSync(join(folder, "cache/berth/shop-preview-b"))).toBe(true);
    expect(existsSync(join(folder, "state/berth/shop-preview-a"))).toBe(false);
    for (const path of ["Pulumi.preview-a.yaml", history]) expect(existsSync(join(folder, path)), path).toBe(false);
    expect(previewEnv("down", "a")).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining("There is no preview environment a, and nothing is left of one."),
    });
  });

  test("says what is left, and keeps the state", () => {
    stack("preview-a", {}, false);
    write("docker", "shop-preview-a/app 1 sha256:abc\n");
    write("in-use", "");
    const { exitCode, output } = previewEnv("down", "a");
    expect([exitCode, output]).toEqual([1, expect.stringContaining("image shop-preview-a/app:1 on this machine")]);
    expect(output).toContain("image is in use");
    expect(calls()).not.toContain("removed");
  });

  test("removes a stack that was interrupted before it had a mark, if there is nothing of it", () => {
    stack("preview-a", undefined, false);
    expect(previewEnv("down", "a").exitCode).toBe(0);
    expect(calls()).toBe("removed preview-a\n");
  });

  test("never touches a stack that somebody else made", () => {
    stack("preview-mine");
    stack("preview-empty", undefined, false);
    write("docker", "shop-preview-empty/app 1 sha256:abc\n");
    for (const name of ["mine", "empty"]) {
      expect(previewEnv("down", name)).toMatchObject({
        exitCode: 1,
        output: expect.stringContaining(`The stack preview-${name} was not made by npx berth preview-env`),
      });
    }
    expect(calls()).toBe("");
  });
});

describe("prune", () => {
  test("removes those that have expired, and no others", () => {
    stack("preview-old", { expires: "2026-01-01T00:00:00.000Z" });
    stack("preview-new", {});
    const { exitCode, output } = previewEnv("prune");
    expect([exitCode, output]).toEqual([0, expect.stringContaining("Removed: old")]);
    expect(calls()).toBe("destroyed\nremoved preview-old\n");
    expect(previewEnv("prune").output).toContain("No preview environment has expired.");
  });

  test("goes on after one that cannot be removed, and names it", () => {
    stack("preview-bad", { expires: "2026-01-01T00:00:00.000Z" }, false);
    stack("preview-old", { expires: "2026-01-01T00:00:00.000Z" });
    write("docker", "shop-preview-bad/app 1 sha256:abc\n");
    write("in-use", "");
    const { exitCode, output } = previewEnv("prune");
    expect([exitCode, output]).toEqual([1, expect.stringContaining("could not be taken down: bad")]);
    expect(calls()).toContain("removed preview-old");
  });
});
