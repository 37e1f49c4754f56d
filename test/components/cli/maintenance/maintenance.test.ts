import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addressesOf } from "../../../../components/cli/maintenance/addresses.mts";
import { parseMaintenance } from "../../../../components/cli/maintenance/description.mts";
import { maintenancePage } from "../../../../components/cli/maintenance/page.mts";
import { duration } from "../../../../components/cli/terminal/duration.mts";
import { callOf } from "../../../../components/remote/run.mts";

describe("addresses that pass", () => {
  test("are in the form in which nginx writes them", () => {
    expect(addressesOf(["192.0.2.7", "2001:DB8:0:0::7", "192.0.2.7"])).toEqual(["192.0.2.7", "2001:db8::7"]);
  });

  test("of a small network are listed one by one", () => {
    expect(addressesOf(["192.0.2.9/30"])).toEqual(["192.0.2.8", "192.0.2.9", "192.0.2.10", "192.0.2.11"]);
    expect(addressesOf(["192.0.2.0/24"])).toHaveLength(256);
  });

  test.each(["office", "10.0.0.0/8", "2001:db8::/32", "192.0.2.7/x", "../on"])("cannot be %s", (text) => {
    expect(() => addressesOf([text])).toThrow(`it is ${JSON.stringify(text)}`);
  });
});

test("durations are seconds, minutes or hours", () => {
  expect([duration("90s"), duration("10m"), duration("2h")]).toEqual([90, 600, 7200]);
  for (const wrong of ["10", "10 m", "-1m", "1d", "m"]) expect(() => duration(wrong), wrong).toThrow("such as 90s");
});

test("the page has the owner's words, escaped, for browsers and programs", () => {
  const { html, json } = maintenancePage('Back at <b>18:00</b> & "soon"');
  expect(html).toContain("Back at &lt;b&gt;18:00&lt;/b&gt; &amp; &quot;soon&quot;");
  expect(html).toContain('href="/_errors/style.css"');
  expect(JSON.parse(json)).toEqual({ detail: 'Back at <b>18:00</b> & "soon"' });
});

describe("the script on the server", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "berth-maintenance-"));
    mkdirSync(join(folder, "bin"));
    mkdirSync(join(folder, "volume"));
    // Runs the container's script in the folder of the volume.
    docker(`case "$*" in
  version*) echo 28.2.2 ;;
  "ps --quiet --filter label=berth.healthPath"*) echo n1 ;;
  *.Mounts*) echo shop-prod-nginx-maintenance ;;
  *.Image*) echo sha256:a1 ;;
  run*) echo "$*" | head -n 1 >>${folder}/runs; cd ${folder}/volume; while [ "$1" != -euc ]; do shift; done; exec sh "$@" ;;
esac`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function docker(script: string): void {
    writeFileSync(join(folder, "bin", "docker"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "bin", "docker"), 0o755);
  }

  function maintenance(...words: string[]): void {
    const place = { sshPrefix: "", project: "shop", stack: "prod" };
    const [program, call] = callOf(place, "maintenance.sh", words);
    execFileSync(program, call, { env: { PATH: `${join(folder, "bin")}:${process.env["PATH"]}` }, stdio: "pipe" });
  }

  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const inVolume = (...path: string[]) => join(folder, "volume", ...path);
  const on = (seconds: string, text: string, ...addresses: string[]) =>
    maintenance("on", seconds, base64(text), base64(`{"detail":"${text}"}`), base64("state"), ...addresses);

  test("writes the page, the addresses and the file that nginx looks for", () => {
    on("600", "Back soon", "192.0.2.7", "2001:db8::7");
    expect(readFileSync(inVolume("on"), "utf8")).toBe("state");
    expect(readFileSync(inVolume("page", "page.html"), "utf8")).toBe("Back soon");
    expect(readFileSync(inVolume("page", "page.json"), "utf8")).toBe('{"detail":"Back soon"}');
    expect(readdirSync(inVolume("allow"))).toEqual(["192.0.2.7", "2001:db8::7"]);
    const [run = ""] = readFileSync(join(folder, "runs"), "utf8").split("\n");
    expect(run).toContain("--cap-drop ALL");
    expect(run).toContain("--volume shop-prod-nginx-maintenance:/srv/maintenance");
  });

  test("replaces the words, the seconds and the addresses", () => {
    on("600", "Back soon", "192.0.2.7", "192.0.2.8");
    on("60", "Back in a minute", "192.0.2.8");
    expect(readFileSync(inVolume("page", "page.html"), "utf8")).toBe("Back in a minute");
    expect(readdirSync(inVolume()).sort()).toEqual(["60", "allow", "on", "page"]);
    expect(readdirSync(inVolume("allow"))).toEqual(["192.0.2.8"]);
  });

  test("leaves nothing when it is turned off, also twice", () => {
    on("600", "Back soon", "192.0.2.7");
    maintenance("off");
    maintenance("off");
    expect(readdirSync(inVolume())).toEqual([]);
  });

  test("says what to do where the running release has no maintenance page", () => {
    docker(`case "$*" in version*) echo 28.2.2 ;; "ps --quiet"*) echo n1 ;; run*) touch ${folder}/ran ;; esac`);
    expect(() => maintenance("off")).toThrow("Release it once: npx berth up --stack prod");
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });
});

test("a description that is incomplete counts as none", () => {
  const whole = { since: "2026-11-27T18:00:00.000Z", by: "ada", message: "Back soon", retryAfter: 600, allow: [] };
  expect(parseMaintenance(JSON.stringify(whole))).toEqual(whole);
  expect(parseMaintenance("")).toBeUndefined();
  expect(parseMaintenance('{"since":1}')).toBeUndefined();
});
