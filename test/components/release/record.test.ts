import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { manifest } from "../../../components/build/context";
import { withPreamble } from "../../../components/model/preamble";
import { packRelease } from "../../../components/release/pack.mts";

/** An engine that keeps a release as a tar archive. */
const DOCKER = `#!/bin/sh
case "$*" in
  "image ls --format {{.Tag}} "*) ls "$SERVER/releases" 2>/dev/null | sed 's/.tar$//' ;;
  "image ls "*) ;;
  "image inspect --format {{.Created}} "*) cat "$SERVER/created" ;;
  create*) echo made ;;
  cp*) cd "$SERVER" && mkdir -p all && tar -xf "releases/$(ls releases | tail -n 1)" -C all && cd all && tar -c "\${2#made:/}" ;;
  import*)
    for tag; do from=$into into=$tag; done
    mkdir -p "$SERVER/releases" && cp "$from" "$SERVER/releases/\${into##*:}.tar" ;;
esac
`;
const script = (file: string) => {
  const read = (path: string) => readFileSync(join("components", path), "utf8");
  return withPreamble(
    ["release/scripts/newest.sh", "build/scripts/place.sh", "remote/scripts/audit-line.sh", `release/scripts/${file}`]
      .map(read)
      .join(""),
  );
};

let machine: string;
let project: string;
let store: string;
beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), "record-"));
  project = join(machine, "project");
  store = join(machine, "cache/berth/shop-test/app/context");
  write("bin/docker", DOCKER, 0o755);
  write("project/index.ts", "program");
  write("project/app/main.py", "one");
  write("project/app/same.py", "same");
});
afterEach(() => rmSync(machine, { recursive: true }));

function write(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(join(machine, path)), { recursive: true });
  writeFileSync(join(machine, path), content, { mode });
}

function onServer(file: string, words: string[], input: Buffer | string = "") {
  const env = {
    SERVER: machine,
    XDG_CACHE_HOME: join(machine, "cache"),
    PATH: `${machine}/bin:${process.env["PATH"]}`,
  };
  return execaSync("sh", ["-c", script(file), "sh", "shop-test", ...words], { input, env }).stdout;
}

/** Records a release. Returns the files that were sent, and the files of the release. */
async function record() {
  const files = ["app/main.py", "app/same.py", "index.ts"];
  const known = onServer("newest-manifest.sh", []);
  const packed = await packRelease(project, `${known}\n\n${manifest(project, files)}`);
  const archive = packed.subarray(packed.indexOf("\n") + 1);
  const sent = execaSync("tar", ["-tz"], { input: archive }).stdout.split("\n");
  onServer("record.sh", [join(machine, "logs"), "5"], packed);
  const tar = join(machine, "releases", onServer("newest-manifest.sh", []) && latest());
  const read = (file: string) => execaSync("tar", ["-xOf", tar, `release/${file}`]).stdout;
  return { sent: sent.map((path) => path.replace("release/", "")), read };
}

const latest = () => execaSync("sh", ["-c", `ls ${machine}/releases | tail -n 1`]).stdout;

test("a file that a build has received is not sent once more for the record", async () => {
  write("created", "2026-01-01T10:00:00.123456789Z");
  await record();
  write("cache/berth/shop-test/app/context/same.py", "same");
  utimesSync(join(store, "same.py"), new Date("2026-01-01T09:00:00Z"), new Date("2026-01-01T09:00:00Z"));
  write("cache/berth/shop-test/app/context/main.py", "two");
  write("project/app/main.py", "two");
  write("project/index.ts", "another program");
  expect(onServer("newest-manifest.sh", [])).toMatch(/\nbuilt app 644 [0-9a-f]{16} main\.py$/);
  const { sent, read } = await record();
  expect(sent.sort()).toEqual(["index.ts", "release.manifest", "release.received"]);
  expect(["app/main.py", "app/same.py", "index.ts"].map(read)).toEqual(["two", "same", "another program"]);
});

test("everything is sent for the record to a server whose builds keep nothing", async () => {
  write("created", "2026-01-01T10:00:00.123456789Z");
  const { sent, read } = await record();
  expect(sent.sort()).toEqual(["app/main.py", "app/same.py", "index.ts", "release.manifest"]);
  expect(read("app/main.py")).toBe("one");
});
