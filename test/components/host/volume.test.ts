import { expect, test } from "vitest";
import { openScope, Scope } from "../../../components/host/scope";
import { Server } from "../../../components/host/server";
import { Volume } from "../../../components/host/volume";
import { collecting, resolved } from "../../support/mocks";

test.each([
  ["is kept without consent to its deletion", undefined, true],
  ["is kept when the consent names another stack", "staging", true],
  ["is deleted when the consent names its stack", "test", false],
])("the volume of a destroyed stack %s", async (_, forceDestroyData, kept) => {
  await collecting();
  const retained: unknown[] = [];
  const server = new Server("server", { forceDestroyData });
  openScope([server], new Scope());
  const volume = new Volume(
    "papers",
    { stack: { server, registry: undefined } },
    {
      transformations: [
        ({ type, opts }) => {
          if (type === "docker:index/volume:Volume") retained.push("retainOnDelete" in opts && opts.retainOnDelete);
          return undefined;
        },
      ],
    },
  );
  await resolved(volume.name);
  expect(retained).toEqual([kept]);
});
