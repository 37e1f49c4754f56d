import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";

test.each([
  ["@npmcli/arborist", "Arborist", 'require("@npmcli/arborist")'],
  ["@pulumi/pulumi/automation", "LocalWorkspace", 'require("@pulumi/pulumi").automation'],
])("%s, which the SDK brings, is loaded when it is used, and not before", (folder, name, use) => {
  const program = `
    const loaded = () => Object.keys(require.cache).some((file) => file.includes("/${folder}/"));
    require("@pulumi/pulumi");
    const before = loaded();
    const usable = typeof ${use}.${name};
    console.log(before, usable, loaded());`;
  expect(quickly(program)).toBe("false function true");
});

test("resources do not look up where they were made", () => {
  const program = `
    const pulumi = require("@pulumi/pulumi");
    console.log(pulumi.Resource.callsites().length, pulumi.Resource.stackTrace(0).length);`;
  expect(quickly(program)).toBe("0 0");
});

test("that a resource is being registered is told to nobody, what a program tells is", () => {
  const program = `
    const { log } = require("@pulumi/pulumi");
    const { getEngine, resetOptions } = require("@pulumi/pulumi/runtime/settings");
    // Nothing is sent there.
    resetOptions("project", "stack", 1, "127.0.0.1:1", "127.0.0.1:1", false, "");
    const told = [];
    getEngine().log = (request, done) => { told.push(request.getMessage()); done(null, {}); };
    Promise.all([log.debug("Registering resource: t"), log.debug("what I do"), log.info("done")]).then(() => console.log(told.join()));`;
  expect(quickly(program)).toBe("what I do,done");
});

test("promises do not remember where they were made, unless leaks are looked for; errors do", () => {
  const program = `
    require("@pulumi/pulumi/runtime").setMocks({ call: () => ({}), newResource: () => ({ id: "", state: {} }) });
    const promise = Promise.resolve();
    require("@pulumi/pulumi/runtime/debuggable").debuggablePromise(promise, "test");
    console.log(/\\n +at /.test(promise._debugStackTrace), /\\n +at /.test(new Error("x").stack));`;
  expect(quickly(program)).toBe("false true");
  expect(quickly(program, { PULUMI_DEBUG_PROMISE_LEAKS: "true" })).toBe("true true");
});

/** What a program prints that begins as ours does. */
function quickly(program: string, environment: Record<string, string> = {}): string {
  return execFileSync("node", ["--require", resolve("components/quick-sdk.cjs"), "--eval", program], {
    encoding: "utf8",
    env: { ...process.env, ...environment },
  }).trim();
}
