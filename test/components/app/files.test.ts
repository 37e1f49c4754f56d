import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { fingerprintOf, foldersOf, packFiles, packFolders } from "../../../components/app/files";

const files = { "/run/secrets/key": "secret", "/etc/nginx/nginx.conf": "events {}", "/run/secrets/password": "" };

describe("the files of a container", () => {
  test("are packed one line per folder, owned by the process and readable only by it", async () => {
    const lines = packFiles(files, "10001:10002").trimEnd().split("\n");
    expect(lines.map((line) => line.split(" ")[0])).toEqual(["/etc/nginx", "/run/secrets"]);
    const archive = Buffer.from(lines[1]?.split(" ")[1] ?? "", "base64");
    const { stdout } = await execa("tar", ["--list", "--verbose", "--numeric-owner"], { input: archive });
    expect(stdout.split("\n").map((line) => line.replaceAll(/ +/g, " ").replace(/ 1970-01-01 \S+/, ""))).toEqual([
      "-r-------- 10001/10002 6 key",
      "-r-------- 10001/10002 0 password",
    ]);
  });

  test("render to the same text for the same files, in any order", () => {
    const reversed = Object.fromEntries(Object.entries(files).reverse());
    expect(packFiles(reversed, "1:1")).toBe(packFiles(files, "1:1"));
    expect(foldersOf(reversed)).toEqual(["/etc/nginx", "/run/secrets"]);
  });

  test("can come with empty folders in volumes, which only the process can use", async () => {
    const [parent, archive = ""] = packFolders(["/srv/berth-cron/journal"], "10001:10002").trimEnd().split(" ");
    expect(parent).toBe("/srv/berth-cron");
    const list = ["--list", "--verbose", "--numeric-owner"];
    const { stdout } = await execa("tar", list, { input: Buffer.from(archive, "base64") });
    expect(stdout).toMatch(/^drwx------ 10001\/10002 +0 1970-01-01 \S+ journal\/?$/);
  });

  test("no files render to an empty text", () => {
    expect(packFiles({}, "0:0")).toBe("");
  });

  test("have a fingerprint that depends on their contents and on the key", () => {
    const changed = { ...files, "/run/secrets/password": "x" };
    const prints = [fingerprintOf(files, "k"), fingerprintOf(changed, "k"), fingerprintOf(files, "other")];
    expect(new Set(prints).size).toBe(3);
    expect(fingerprintOf(Object.fromEntries(Object.entries(files).reverse()), "k")).toBe(prints[0]);
  });
});
