import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { increaseImagesVersion } from "../../../../components/cli/deploy/images-version.mts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "images-version-"));
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** The stack's settings file after `up --no-cache` with this one before it. */
function after(before: string): string {
  const file = join(folder, "Pulumi.prod.yaml");
  writeFileSync(file, before);
  increaseImagesVersion({ name: "prod", project: { name: "shop", folder, backend: "" } });
  return readFileSync(file, "utf8");
}

const LONG = "x".repeat(200);

test.each<[string, string, string]>([
  [
    "is added, and comments and other settings stay as they are",
    `# Production.\nconfig:\n  # The name.\n  shop:siteName: ${LONG} ${LONG}\n  shop:tls: "off"\n`,
    `# Production.\nconfig:\n  # The name.\n  shop:siteName: ${LONG} ${LONG}\n  shop:tls: "off"\n  shop:imagesVersion: 2\n`,
  ],
  ["is increased", "config:\n  shop:imagesVersion: 2 # in May\n", "config:\n  shop:imagesVersion: 3 # in May\n"],
  ["is increased without the project's name", "config:\n  imagesVersion: 9\n", "config:\n  imagesVersion: 10\n"],
  [
    "is increased as the text that Pulumi writes",
    'config:\n  imagesVersion: "9"\n',
    'config:\n  imagesVersion: "10"\n',
  ],
  ["is the only setting", "config:\n", "config:\n  shop:imagesVersion: 2\n"],
])("the version of the images %s", (_, before, expected) => {
  expect(after(before)).toBe(expected);
});

test("a version that is no number is refused, and the file stays", () => {
  expect(() => after("config:\n  imagesVersion: two\n")).toThrow("imagesVersion must be a number");
  expect(readFileSync(join(folder, "Pulumi.prod.yaml"), "utf8")).toBe("config:\n  imagesVersion: two\n");
});
