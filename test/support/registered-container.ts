import { vi } from "vitest";
import type { Asked, Registered } from "./mocks";

/** The inputs of a container once it is registered, the fingerprint of its arguments, and the changes that it ignores. */
export async function registeredContainer<Inputs>(name: string, registered: Registered[], asked: Asked[]) {
  const isContainer = (one: { type: string; name: string }) =>
    one.type === "docker:index/container:Container" && one.name === name;
  const inputs = await vi.waitFor(
    () => {
      const found = registered.find(isContainer);
      if (!found) throw new Error(`no container ${name} yet`);
      return found.inputs as unknown as Inputs & { labels: { label: string; value: string }[] };
    },
    { timeout: 10_000 },
  );
  return {
    inputs,
    spec: inputs.labels.find(({ label }) => label === "berth.spec")?.value,
    ignored: asked.find(isContainer)?.opts.ignoreChanges ?? [],
  };
}
