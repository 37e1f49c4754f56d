import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { describe, expect, test } from "vitest";
import { LONGEST_LINE, withPreamble } from "../../../components/model/preamble";

const SCRIPTS = readdirSync("components", { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".sh") && !entry.parentPath.includes("node_modules"))
  .map((entry) => join(entry.parentPath, entry.name));

describe("a shell script's preamble", () => {
  test("contains the labels it uses, and no others", () => {
    expect(withPreamble("echo")).toBe("echo");
    const script = `printf '%s ' "$label_rollback_to" "\${label_health_path}" "{{.Label \\"$label_command\\"}}"`;
    const { stdout } = execaSync("sh", ["-c", withPreamble(script)]);
    expect(stdout).toBe('berth.rollback-to berth.healthPath {{.Label "berth.command"}} ');
  });

  test("contains of_stack, which matches resources of the stack only", () => {
    const script = 'docker() { printf "%s\\n" "$@"; }; project=shop stack=prod; of_stack ps --all';
    const { stdout } = execaSync("sh", ["-c", withPreamble(script)]);
    expect(stdout.split("\n")).toEqual([
      "ps",
      "--all",
      "--filter",
      "label=berth.project=shop",
      "--filter",
      "label=berth.stack=prod",
    ]);
  });

  test("contains container_exists, which finds a container and prints nothing", () => {
    const docker = 'docker() { echo "$*"; echo "Error: No such object" >&2; [ "$*" = "inspect c1" ]; }';
    const exists = (id: string) =>
      execaSync("sh", ["-c", withPreamble(`${docker}; container_exists ${id}`)], { reject: false });
    expect(exists("c1")).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    expect(exists("c2")).toMatchObject({ exitCode: 1, stdout: "", stderr: "" });
  });

  describe("contains limit_lines, which", () => {
    const limited = (input: string | Uint8Array, shell = "sh") =>
      execaSync(shell, ["-c", withPreamble("limit_lines")], { input, stripFinalNewline: false }).stdout;

    test.each(["sh", "bash"])("copies other text unchanged (%s)", (shell) => {
      const text = "one\n\n  two\t\\n %s \n… ü\n";
      expect(limited(text, shell)).toBe(text);
      expect(limited("no end", shell)).toBe("no end\n");
      expect(limited("", shell)).toBe("");
    });

    test.each(["sh", "bash"])("cuts long lines between two characters (%s)", (shell) => {
      const [plain, wide] = limited(`${"x".repeat(100_000)}\na${"ü".repeat(5000)}\n`, shell).split("\n");
      expect(plain).toBe("x".repeat(LONGEST_LINE));
      expect(wide).toBe(`a${"ü".repeat(LONGEST_LINE / 2 - 1)}`);
    });

    test("drops bytes that are not UTF-8", () => {
      expect(limited(Buffer.from("caf\xe9 au lait\n", "latin1"))).toBe("caf au lait\n");
    });

    test("copies each line at once", async () => {
      const started = Date.now();
      const running = execa("sh", ["-c", withPreamble("(echo first; sleep 5) | limit_lines")], { reject: false });
      const [line] = await once(running.stdout, "data");
      expect(String(line)).toBe("first\n");
      expect(Date.now() - started).toBeLessThan(4000);
      running.kill();
    });
  });

  test.each([
    ["[[Backing Filesystem extfs]]", "1000 9000"],
    ["[[driver-type io.containerd.snapshotter.v1]]", "500 8000"],
  ])("contains engine_disk, which measures the folders that have volumes and images (%s)", (driver, expected) => {
    const fakes = `docker() { echo '/data/docker|${driver}'; }
df() { shift; echo Filesystem; for folder; do case $folder in /data/docker) echo x 9000 8000 1000 1% /data ;; *) echo y 8000 7500 500 1% / ;; esac; done; }`;
    expect(execaSync("sh", ["-c", withPreamble(`${fakes}\nengine_disk docker`)]).stdout).toBe(expected);
  });

  test("rejects a label that Berth does not have", () => {
    expect(() => withPreamble('echo "$label_servce"')).toThrow(/label servce/);
  });

  test.each(SCRIPTS)("defines all that %s uses", (file) => {
    expect(() => withPreamble(readFileSync(file, "utf8"))).not.toThrow();
  });
});

test("no script finds out by itself whether a container exists", () => {
  const asking = SCRIPTS.filter((file) =>
    /docker (container )?inspect "?\$\w+"? *>\/dev\/null/.test(readFileSync(file, "utf8")),
  );
  expect(asking).toEqual([]);
});

// Docker 28 and later warn of --time at each call, and older ones do not know --timeout.
test("every script gives docker stop its timeout in the form that all versions know", () => {
  const stops = SCRIPTS.flatMap((file) => readFileSync(file, "utf8").match(/docker stop .*/g) ?? []);
  expect(stops.length).toBeGreaterThan(5);
  expect(stops.filter((line) => !/^docker stop -t /.test(line))).toEqual([]);
});

// Lines that are followed go to a person's terminal, and not through Pulumi. Services of the server print none of what they read.
test("no script prints another program's log with unlimited lines", () => {
  const services = ["components/metrics/scripts/requests.sh", "components/host/scripts/hardening/sign-ins.sh"];
  const logs = SCRIPTS.filter((file) => !services.includes(file))
    .flatMap((file) => readFileSync(file, "utf8").split("\n"))
    .filter((line) => /^\s*docker logs (?!--follow)/.test(line));
  expect(logs.length).toBeGreaterThan(2);
  expect(logs.filter((line) => !line.includes("| limit_lines"))).toEqual([]);
});

describe("a script that skips missing containers", () => {
  /** Runs a script with a Docker engine that has only the container c1, and prints the other calls. */
  function calls(file: string, ...words: string[]) {
    const docker =
      'docker() { if [ "$1" = inspect ]; then [ "$2" = c1 ]; else echo "$*" >&2; [ "$*" != "stop -t 1 c1" ]; fi; }';
    const script = withPreamble(`${docker}\n${readFileSync(join("components/remote/scripts", file), "utf8")}`);
    const { exitCode, stderr } = execaSync("sh", ["-c", script, "sh", ...words], { reject: false });
    return { exitCode, calls: stderr };
  }

  test("stops the others, each with its timeout, and fails if one cannot be stopped", () => {
    expect(calls("stop.sh", "5", "c0", "30", "c1")).toEqual({ exitCode: 0, calls: "stop -t 30 c1" });
    expect(calls("stop.sh", "1", "c1", "30", "c1")).toEqual({ exitCode: 1, calls: "stop -t 1 c1" });
  });

  test("prints the others as JSON", () => {
    // Like docker, it prints what it finds, and fails because of the other.
    const docker = `docker() { [ "$*" = "container inspect --format {{json .}} c0 c1" ] && echo '{"Id":"c1"}'; echo "no such container: c0" >&2; return 1; }`;
    const script = withPreamble(`${docker}\n${readFileSync("components/remote/scripts/inspect.sh", "utf8")}`);
    expect(execaSync("sh", ["-c", script, "sh", "c0", "c1"])).toMatchObject({ stdout: '{"Id":"c1"}', stderr: "" });
  });

  test("removes the others with their anonymous volumes", () => {
    expect(calls("remove-containers.sh", "c0", "c1")).toEqual({ exitCode: 0, calls: "rm --force --volumes c1" });
  });
});
