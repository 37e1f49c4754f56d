import * as pulumi from "@pulumi/pulumi";
import { expect, test, vi } from "vitest";
import * as berth from "../../components";
import { collecting } from "../support/mocks";

test.each([
  ["shop", "Prod", "stack"],
  ["MyShop", "prod", "project"],
])("F28: project %s and stack %s are refused before anything is changed", async (project, stack, kind) => {
  const registered = await collecting({}, { project, stack });
  const run = () => berth.stack({ settings: {} }, () => undefined);
  expect(run).toThrow(
    `The configuration of stack ${stack} is invalid; nothing was changed:\n  - The name of the ${kind}`,
  );
  expect(registered).toEqual([]);
});

test("F28: a component with a wrong name, path or variable is refused, with all errors at once", async () => {
  const registered = await collecting();
  const errors: unknown[] = [];
  const attempt = (build: () => void) => {
    try {
      build();
    } catch (error) {
      errors.push(error);
    }
  };
  await pulumi.runtime.runInPulumiStack(async () => {
    berth.stack({ settings: {} }, (stack) => {
      const networks = [new berth.Network("front", { stack })];
      attempt(() => new berth.Network("my network", { stack }));
      attempt(() => new berth.Volume("größe", { stack }));
      attempt(() => new berth.Image("Nginx", { stack, context: "nginx" }));
      attempt(() => new berth.Worker("a/b", { networks, image: "x:1" }));
      const wrong = { files: { key: "k" }, tmpfs: ["/tmp/a b"], scratch: ["/"], env: { "A=B": "1", TEXT: "a\0b" } };
      attempt(() => new berth.Worker("worker", { networks, image: "x:1", ...wrong }));
    });
    return {};
  });
  await vi.waitFor(() => expect(registered.map(({ name }) => name)).toContain("release-swept"), { timeout: 20_000 });
  const texts = errors.map((error) => (error instanceof pulumi.ResourceError ? error.message : "another error"));
  expect(texts.slice(0, 4)).toEqual([
    expect.stringContaining('The name of the network "my network" cannot be used: Docker allows'),
    expect.stringContaining('The name of the volume "größe" cannot be used: Docker allows'),
    expect.stringContaining('The name of the image "Nginx" cannot be used: Docker allows'),
    expect.stringContaining('The name of the container "a/b'),
  ]);
  expect(texts[4]?.split("\n").slice(1)).toEqual([
    '  - files: the path "key" must begin with a slash.',
    '  - scratch: the path "/" must not be the root folder.',
    '  - tmpfs: the path "/tmp/a b" can contain only ASCII characters, and no spaces, colons or backslashes.',
    '  - env: the variable "A=B" must have a name without spaces and =.',
    "  - env: TEXT must not contain a NUL character.",
  ]);
});
