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
  const said = execFileSync("node", ["--require", resolve("components/quick-sdk.cjs"), "--eval", program], {
    encoding: "utf8",
  });
  expect(said.trim()).toBe("false function true");
});

test("promises do not remember where they were made, unless leaks are looked for; errors do", () => {
  const program = `
    require("@pulumi/pulumi/runtime").setMocks({ call: () => ({}), newResource: () => ({ id: "", state: {} }) });
    const promise = Promise.resolve();
    require("@pulumi/pulumi/runtime/debuggable").debuggablePromise(promise, "test");
    console.log(/\\n +at /.test(promise._debugStackTrace), /\\n +at /.test(new Error("x").stack));`;
  const said = (environment: Record<string, string>) =>
    execFileSync("node", ["--require", resolve("components/quick-sdk.cjs"), "--eval", program], {
      encoding: "utf8",
      env: { ...process.env, ...environment },
    }).trim();
  expect(said({})).toBe("false true");
  expect(said({ PULUMI_DEBUG_PROMISE_LEAKS: "true" })).toBe("true true");
});
