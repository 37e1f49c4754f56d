import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { secretIn } from "../../../components/model/secrets";
import { secretSettings } from "../../../components/policy/secret-settings.mjs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "policy-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The secret settings of a stack's file. */
function secrets(yaml: string, config: Record<string, string>): string[] {
  const file = join(folder, "Pulumi.prod.yaml");
  writeFileSync(file, yaml);
  return secretSettings(file, config);
}

// No engine tells a policy pack which settings are secret.
test("O6: the secret settings are those that the stack's file encrypts, in the form Pulumi passes", () => {
  const yaml = `config:
    shop:adminPassword: { secure: v1:abc }
    "shop:apiKey":
      secure: "v1:def"
    shop:siteName: shop.example.org
    other:token: { secure: v1:ghi }`;
  const config = {
    "shop:adminPassword": "office-summer-rain",
    "shop:apiKey": "another one",
    "shop:siteName": "shop.example.org",
    "other:token": "a third",
  };
  expect(secrets(yaml, config)).toEqual(["office-summer-rain", "another one", "a third"]);
  expect(secretIn("NOTE=office-summer-rain", secrets(yaml, config))).toContain("holds a secret of the stack");
});

test("parts of a setting can be secret", () => {
  const yaml = "config: { shop:mail: { user: ada, password: { secure: v1:abc }, relays: [a, { secure: v1:def }] } }";
  const config = { "shop:mail": JSON.stringify({ user: "ada", password: "rain", relays: ["a", "b"] }) };
  expect(secrets(yaml, config)).toEqual(["rain", "b"]);
});

test("a stack without a file, without settings or without a value has no secret settings", () => {
  expect(secretSettings(join(folder, "Pulumi.none.yaml"), { "shop:key": "x" })).toEqual([]);
  expect(secrets("encryptionsalt: v1:abc", {})).toEqual([]);
  expect(secrets("config: { shop:key: { secure: v1:abc }, shop:mail: { password: { secure: v1:a } } }", {})).toEqual(
    [],
  );
  expect(secrets("config: { shop:mail: { password: { secure: v1:a } } }", { "shop:mail": "{" })).toEqual([]);
});

test("a short secret is refused as a whole value only", () => {
  expect(secretIn("NOTE=rain", ["rain"])).toContain("holds a secret of the stack");
  expect(secretIn("NOTE=trainer", ["rain"])).toBeUndefined();
  expect(secretIn("NOTE=anything", [""])).toBeUndefined();
});
