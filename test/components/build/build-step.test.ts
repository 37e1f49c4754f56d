import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BuilderHere } from "../../support/build-step";

/** Docker 20.10. Writes down its arguments, and copies the context and the Dockerfile that it builds. */
const DOCKER = `
case "$*" in
  "image inspect "*) [ -e "$FOLDER/images/$(echo "$3" | tr / -)" ] ;;
  "buildx version") exit 1 ;;
  "builder prune "*) ;;
  "version "*) echo 20.10.24 ;;
  "info "*) cat "$FOLDER/info" 2>/dev/null ;;
  "context inspect "*Host*) cat "$FOLDER/socket" 2>/dev/null || echo default ;;
  "context inspect "*) echo default ;;
  *build*)
    echo "$*" >>"$FOLDER/calls"
    env >"$FOLDER/env"
    ps -A -o args >"$FOLDER/processes"
    rm -rf "$FOLDER/built" && mkdir -p "$FOLDER/built" "$FOLDER/images"
    while [ $# -gt 1 ]; do
      case $1 in
        --file) cp "$2" "$2.dockerignore" "$FOLDER/built" ;;
        --tag) tag=$2 ;;
        --secret) cp -p "\${2#*src=}" "$FOLDER/built" && dirname "$(dirname "\${2#*src=}")" >"$FOLDER/memory" ;;
      esac
      shift
    done
    cp "$DOCKER_CONFIG/config.json" "$FOLDER/built" 2>/dev/null
    cp -a "$1" "$FOLDER/built/context"
    echo "#1 [1/2] FROM scratch" >&2
    if grep -q fails "$1/app.py" 2>/dev/null; then
      printf '#2 [2/2] RUN test\\n#3 other\\n#2 0.1 one is not two\\n#2 ERROR: exit code: 1\\n------\\nfailed to solve\\n' >&2
      exit 1
    fi
    touch "$FOLDER/images/$(echo "$tag" | tr / -)" ;;
esac`;

let builder: BuilderHere;
beforeEach(() => {
  builder = new BuilderHere(DOCKER);
});
afterEach(() => builder.remove());

const built = async (...args: Parameters<BuilderHere["build"]>) => {
  const result = await builder.build(...args);
  expect(result.exitCode, result.all).toBe(0);
  return result;
};

describe("the step that builds an image", () => {
  test("builds from exactly the files of the context", async () => {
    builder.write({ "app.py": "one", "static/deep/site.css": "a", "with space's.txt": "x", "back\\slash": "y" });
    builder.write({ ".dockerignore": "*.log\n", "debug.log": "noise" });
    builder.write({ "run.sh": "echo" }, 0o700);
    symlinkSync("app.py", join(builder.context, "link"));
    mkdirSync(join(builder.context, "empty"));
    await built();
    const there = readdirSync(join(builder.folder, "built", "context"), { recursive: true }).sort();
    expect(there).toEqual(
      [
        ...[".dockerignore", "Dockerfile", "app.py", "back\\slash", "empty", "link", "run.sh", "static", "static/deep"],
        ...["static/deep/site.css", "with space's.txt"],
      ].sort(),
    );
    expect(readlinkSync(join(builder.folder, "built", "context", "link"))).toBe("app.py");
    expect(builder.read("built", "Dockerfile")).toBe("FROM scratch\nCOPY . /\n");
  });

  test("leaves out the builder's cache where the deployment asks for that", async () => {
    await built({}, { BERTH_NO_CACHE: "true" });
    builder.write({ "app.py": "one" });
    await built();
    const [first, second] = builder.read("calls").split("\n");
    expect(first).toContain(" --no-cache ");
    expect(second).not.toContain("--no-cache");
  });

  test("sends a changed file only, and takes back what is gone", async () => {
    const noise = Array.from({ length: 4000 }, (_, index) => Math.sin(index).toString(36)).join("");
    builder.write({ "big.bin": noise, "old.txt": "old", "folder/file": "x", "app.py": "one" });
    await built();
    const before = builder.sent().length;
    expect(before).toBeGreaterThan(10_000);
    builder.write({ "app.py": "two" });
    for (const path of ["old.txt", "folder"]) rmSync(join(builder.context, path), { recursive: true });
    builder.write({ folder: "now a file", "old.txt/now-a-folder": "" });
    await built();
    expect(builder.sent().length).toBeLessThan(1000);
    expect(builder.read("built", "context", "app.py")).toBe("two");
    expect(builder.read("built", "context", "big.bin")).toBe(noise);
    expect(builder.read("built", "context", "folder")).toBe("now a file");
    expect(readdirSync(join(builder.folder, "built", "context", "old.txt"))).toEqual(["now-a-folder"]);
  });

  test("sends everything again to a builder that has lost it, or whose files were changed", async () => {
    builder.write({ "app.py": "one" });
    await built();
    rmSync(builder.store, { recursive: true });
    builder.write({ "app.py": "two" });
    await built();
    expect(builder.read("built", "context", "app.py")).toBe("two");
    rmSync(join(builder.store, "context", "Dockerfile"));
    builder.write({ "app.py": "three" });
    await built();
    expect(builder.read("built", "context", "Dockerfile")).toBe("FROM scratch\nCOPY . /\n");
  });

  test("neither sends nor builds an image that the engine has", async () => {
    await built();
    await built();
    expect(builder.read("calls").trim().split("\n")).toHaveLength(1);
    expect(builder.sent().toString()).toBe("present\n");
  });

  test("F19: gives files the same modes whatever the checkout's umask was", async () => {
    builder.write({ "app.py": "one", "sub/file": "x" }, 0o600);
    builder.write({ "run.sh": "echo" }, 0o700);
    chmodSync(join(builder.context, "sub"), 0o700);
    await built({}, { BASH_ENV: "" });
    const modeOf = (path: string) =>
      (lstatSync(join(builder.folder, "built", "context", path)).mode & 0o777).toString(8);
    expect(["app.py", "run.sh", "sub", "sub/file", "."].map(modeOf)).toEqual(["644", "755", "755", "644", "755"]);
    chmodSync(join(builder.context, "app.py"), 0o755);
    await built();
    expect(modeOf("app.py")).toBe("755");
  });

  test("F24: prefers the ignore file of the Dockerfile", async () => {
    builder.write({ ".dockerignore": "app.py\n", "Dockerfile.dockerignore": "secret.txt\n" });
    builder.write({ "app.py": "one", "secret.txt": "no" });
    await built();
    expect(readdirSync(join(builder.folder, "built", "context"))).toContain("app.py");
    expect(readdirSync(join(builder.folder, "built", "context"))).not.toContain("secret.txt");
    // The file for another Dockerfile would leave out app.py once more.
    expect(builder.read("built", "Dockerfile.dockerignore")).toMatch(/^#.*\n$/);
  });

  test("F04: takes the Dockerfile of the context", async () => {
    // Vitest runs in a folder that has a backend/Dockerfile.
    builder.write({ "backend/Dockerfile": "FROM own\n" });
    await built({ context: { dockerfile: "backend/Dockerfile" } });
    expect(builder.read("built", "Dockerfile")).toBe("FROM own\n");
  });

  test("passes stage, platform and arguments on", async () => {
    await built({ context: { args: { A: "one two" }, target: "web", platform: "linux/arm64" } });
    expect(builder.read("calls")).toContain("--target web --platform linux/arm64 --build-arg A=one two");
  });

  test("shows its progress, and last what the failing step said", async () => {
    builder.write({ "app.py": "fails" });
    const { exitCode, stderr, stdout } = await builder.build();
    expect(exitCode).not.toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain("#1 [1/2] FROM scratch");
    expect(stderr.trimEnd().split("\n").slice(-5)).toEqual([
      "The image app cannot be built.",
      "The step that failed:",
      "#2 [2/2] RUN test",
      "#2 0.1 one is not two",
      "#2 ERROR: exit code: 1",
    ]);
  });

  test("is refused when a file changes between plan and build", async () => {
    const { exitCode, stderr } = await builder.build({ hash: "0123456789ab" });
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("have changed since this deployment began. Deploy again.");
  });
});

test("the output of a build that is shown, and so kept in the state, is limited", async () => {
  builder.program(
    "docker",
    DOCKER.replace('echo "#1 ', 'seq -f "#1 0.1 line %g" 5000 >&2; echo "#2 [2/2] RUN next" >&2; echo "#1 '),
  );
  const { stderr } = await built();
  expect(stderr).toContain("#1 0.1 line 900\n");
  expect(stderr).not.toContain("#1 0.1 line 1001\n");
  expect(stderr).toContain("… more output of this build is not shown.\n#2 [2/2] RUN next\n");
});

describe("F52: the engine's proxies", () => {
  const engine = (text: string) => writeFileSync(join(builder.folder, "info"), text);
  beforeEach(() => builder.program("systemctl", "exit 1"));

  test("reach the steps of a build, and their passwords no command line", async () => {
    engine("HTTP_PROXY=http://ada:pw1@proxy:3128\nHTTPS_PROXY=\nNO_PROXY=localhost,.office\n");
    await built();
    expect(builder.read("calls")).toContain("--build-arg HTTP_PROXY --build-arg NO_PROXY ");
    expect(builder.read("calls")).not.toContain("pw1");
    expect(builder.read("env")).toContain("HTTP_PROXY=http://ada:pw1@proxy:3128\n");
  });

  test("come from its unit where the engine hides their passwords", async () => {
    engine("HTTP_PROXY=http://xxxxx:xxxxx@proxy:3128\nHTTPS_PROXY=\nNO_PROXY=\n");
    const { stderr } = await built();
    expect(stderr).toContain("The engine hides the password in its HTTP_PROXY");
    expect(builder.read("calls")).not.toContain("--build-arg");
    builder.program("systemctl", 'echo "OTHER=x HTTP_PROXY=http://ada:pw1@proxy:3128"');
    builder.write({ "app.py": "two" });
    await built();
    expect(builder.read("env")).toContain("HTTP_PROXY=http://ada:pw1@proxy:3128\n");
  });

  test("do not replace those in docker's own configuration", async () => {
    engine("HTTP_PROXY=http://proxy:3128\n");
    mkdirSync(join(builder.folder, "home", ".docker"));
    writeFileSync(join(builder.folder, "home", ".docker", "config.json"), '{"proxies":{}}');
    await built();
    expect(builder.read("calls")).not.toContain("--build-arg");
  });
});

test("a build whose deployment was interrupted is ended by the next one, and its secrets are removed", async () => {
  builder.program(
    "docker",
    DOCKER.replace('echo "#1 ', 'grep -q waits "$1/app.py" 2>/dev/null && exec sleep 300; echo "#1 '),
  );
  builder.write({ "app.py": "waits" });
  const interrupted = builder.build({ secrets: { npm: "token" } });
  await expect.poll(() => existsSync(join(builder.folder, "memory")), { timeout: 20_000 }).toBe(true);
  const memory = builder.read("memory").trim();
  builder.write({ "app.py": "two" });
  const { stderr } = await built();
  expect(stderr).toContain("Ending a build of this image by a deployment that was interrupted.");
  expect((await interrupted).exitCode).not.toBe(0);
  expect(existsSync(memory)).toBe(false);
  expect(builder.read("built", "context", "app.py")).toBe("two");
});

test("the SSH agent is used on request only", async () => {
  await built();
  expect(builder.read("calls")).not.toContain("--ssh");
  builder.write({ "app.py": "two" });
  await built({ ssh: true });
  expect(builder.read("calls")).toContain("--ssh default");
});

describe("a build on a server", () => {
  const OPTION = "--cgroup-parent /berth-builds";
  const weight = (...path: string[]) => builder.read("cgroup", ...path).trim();
  const inFolder = (path: string, content = "") => {
    const file = join(builder.cgroups, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  beforeEach(() => {
    writeFileSync(join(builder.folder, "socket"), "unix:///var/run/docker.sock\n");
    // As an account that is not root.
    builder.program("id", "echo 1000");
    builder.program("sudo", 'echo "$*" >>"$FOLDER/sudo"; shift; exec "$@"');
    inFolder("cgroup.controllers", "cpu io");
  });

  test("gets a tenth of the usual share, in a cgroup that the first build since the server's start makes", async () => {
    await built({ held: true });
    expect([weight("berth-builds", "cpu.weight"), weight("berth-builds", "io.weight")]).toEqual(["10", "10"]);
    builder.write({ "app.py": "two" });
    await built({ held: true });
    expect(builder.read("calls").split(OPTION)).toHaveLength(3);
    expect(builder.read("sudo").match(/^-n sh -c/gm)).toHaveLength(1);
  });

  test("is held back with version 1 of cgroups too, where Docker before 23 ignores the option", async () => {
    rmSync(join(builder.cgroups, "cgroup.controllers"));
    mkdirSync(join(builder.cgroups, "cpu"));
    await built({ held: true });
    expect(weight("cpu", "berth-builds", "cpu.shares")).toBe("102");
    expect(weight("cpu", "docker", "buildkit", "cpu.shares")).toBe("102");
  });

  test("runs without limits where the account may not set them", async () => {
    builder.program("sudo", "echo 'sudo: a password is required' >&2; exit 1");
    const { all } = await built({ held: true });
    expect(all).not.toContain("password");
    expect(builder.read("calls")).not.toContain("cgroup");
  });

  test("runs without limits in an engine that is not root's", async () => {
    writeFileSync(join(builder.folder, "socket"), "unix:///run/user/1000/docker.sock\n");
    await built({ held: true });
    expect(builder.read("calls")).not.toContain("cgroup");
    expect(existsSync(join(builder.folder, "sudo"))).toBe(false);
  });

  test("runs without limits where the engine refuses the cgroup", async () => {
    const refuses = '*--cgroup-parent*) echo "runc create failed: cgroup: no such slice" >&2; exit 1 ;;';
    builder.program("docker", DOCKER.replace("  *build*)", `  ${refuses}\n  *build*)`));
    const { all } = await built({ held: true });
    expect(all).toContain("The engine cannot hold builds back.");
    expect(all).not.toContain("cannot be built");
  });

  test("gets a tenth of the usual share from the classic builder", async () => {
    builder.program("docker", DOCKER.replace("echo 20.10.24", "echo 26.1.5"));
    await built({ held: true });
    expect(builder.read("calls")).toContain("build --cpu-shares 102 ");
  });

  test("is the only one that is held back", async () => {
    await built();
    expect(builder.read("calls")).not.toContain("cgroup");
    expect(existsSync(join(builder.cgroups, "berth-builds"))).toBe(false);
  });
});

describe("secrets of a build", () => {
  const VALUE = "a secret\nof two lines $HOME";

  test("reach it in files in memory, and are removed with it", async () => {
    await built({ secrets: { npm: VALUE } });
    expect(builder.read("built", "npm")).toBe(VALUE);
    const memory = builder.read("memory").trim();
    expect(memory).toMatch(/^\/dev\/shm\/berth-\w+$/);
    expect(() => lstatSync(memory)).toThrow("ENOENT");
    for (const seen of [builder.read("calls"), builder.read("env"), builder.read("processes")]) {
      expect(seen).not.toContain("a secret");
      expect(seen).not.toContain(Buffer.from(VALUE).toString("base64").slice(0, 20));
    }
  });

  test("are removed after a failed build too", async () => {
    builder.write({ "app.py": "fails" });
    await builder.build({ secrets: { npm: VALUE } });
    expect(() => lstatSync(builder.read("memory").trim())).toThrow("ENOENT");
  });

  test("F23: accounts of registries are docker's for this build only", async () => {
    const accounts = [
      { address: "registry-1.docker.io", username: "ada", password: "pw" },
      { address: "ghcr.io/acme", username: "bob", password: "token" },
    ];
    await built({ accounts });
    const auth = (text: string) => ({ auth: Buffer.from(text).toString("base64") });
    expect(JSON.parse(builder.read("built", "config.json")).auths).toEqual({
      "https://index.docker.io/v1/": auth("ada:pw"),
      "ghcr.io": auth("bob:token"),
    });
    expect(readdirSync(join(builder.folder, "home"))).toEqual([".cache"]);
  });

  test("F23: are added to those of this machine's own account where it builds", async () => {
    mkdirSync(join(builder.folder, "home", ".docker"));
    const own = { credsStore: "desktop", auths: { "ghcr.io": {}, "own.example.org": {} }, HttpHeaders: { A: "b" } };
    writeFileSync(join(builder.folder, "home", ".docker", "config.json"), JSON.stringify(own));
    await built({ here: true, accounts: [{ address: "ghcr.io/acme", username: "bob", password: "token" }] });
    expect(JSON.parse(builder.read("built", "config.json"))).toEqual({
      HttpHeaders: { A: "b" },
      auths: { "ghcr.io": { auth: Buffer.from("bob:token").toString("base64") }, "own.example.org": {} },
      credHelpers: { "own.example.org": "desktop" },
    });
  });
});
