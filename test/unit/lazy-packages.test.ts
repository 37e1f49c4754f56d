import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";

test("the installer the SDK brings is loaded when it is used, and not before", () => {
  const program = `
    const loaded = () => Object.keys(require.cache).some((file) => file.includes("/@npmcli/arborist/"));
    require("@pulumi/pulumi");
    const before = loaded();
    const usable = typeof require("@npmcli/arborist").Arborist;
    console.log(before, usable, loaded());`;
  const said = execFileSync("node", ["--require", resolve("components/lazy-packages.cjs"), "--eval", program], {
    encoding: "utf8",
  });
  expect(said.trim()).toBe("false function true");
});
