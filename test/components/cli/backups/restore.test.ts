import { expect, test } from "vitest";
import { expectedWords } from "../../../../components/cli/backups/restore.mts";
import { parseState } from "../../../../components/model/state";
import { TYPES } from "../../../../components/model/types";

test("a restore knows what it starts again from a state whose secrets are encrypted", () => {
  const encrypted = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
  const gate = (name: string, triggers: string[]) => ({
    urn: `urn:pulumi:prod::portal::${name}`,
    type: TYPES.command,
    inputs: { triggers, stdin: encrypted },
  });
  const resources = [
    { urn: "urn:1", type: TYPES.container, id: "c1", outputs: { name: "portal-prod-nginx-1a2b3c" } },
    gate("nginx-healthy", ["c1", "100"]),
    { urn: "urn:2", type: TYPES.service, id: "s1" },
    gate("app-healthy", ["s1", "3"]),
    { urn: "urn:3", type: TYPES.service, id: "s2" },
  ];
  const state = parseState(JSON.stringify({ deployment: { resources } }));
  const stack = { name: "prod", project: { name: "portal", folder: ".", backend: "" } };
  expect(expectedWords(stack, state)).toBe("portal-prod-nginx-1a2b3c swarm/s1/3");
});
