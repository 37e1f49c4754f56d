import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { controlDirectoryProblem, prepareControlDirectory } from "../../../components/remote/control-directory";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-sockets-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("F27: the directory of ssh's sockets", () => {
  test("is made for this account only, also where it exists already", () => {
    const directory = join(folder, "made");
    prepareControlDirectory(directory);
    chmodSync(directory, 0o755);
    prepareControlDirectory(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  test("is refused if another account owns it, or if it is a link or a file", () => {
    const directory = join(folder, "foreign");
    prepareControlDirectory(directory);
    expect(controlDirectoryProblem(directory, userInfo().uid + 1)).toContain("belongs to another account");
    const link = join(folder, "link");
    symlinkSync(directory, link);
    expect(() => prepareControlDirectory(link)).toThrow(`sudo rm -r ${link}`);
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(controlDirectoryProblem(file)).toContain("not a directory");
    expect(controlDirectoryProblem(join(folder, "absent"))).toBeUndefined();
  });
});
