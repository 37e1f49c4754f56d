import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { settingNames } from "../../settings";
import { validate } from "../../settings-checks";
import { asText, declaredSettings, defaultSettings } from "../support/project";

const declared = declaredSettings();

const settings = (own: Record<string, string> = {}) => ({ ...defaultSettings(), ...own });

const SERVER = { serverHost: "mail.example.org", serverHostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA root@mail" };

describe("the declaration in Pulumi.yaml", () => {
  test("names exactly the settings the program reads", () => {
    expect(Object.keys(declared).sort()).toEqual([...settingNames].sort());
  });

  test("says type, default and meaning of each", () => {
    for (const [name, { type, default: value, description }] of Object.entries(declared)) {
      expect(type, name).toMatch(/^(string|integer|boolean|array)$/);
      expect(value, name).not.toBeUndefined();
      expect(description, name).toMatch(/^.{15,}\.$/);
    }
  });

  test("has defaults that are valid", () => {
    expect(validate(settings(), new Set()).problems).toEqual([]);
  });

  test.each(["dev", "prod"])("fits the stack file of %s", (stack) => {
    const { config } = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8"));
    const own = Object.entries(config).map(([key, value]) => [key.replace("mailtracker:", ""), asText(value)]);
    expect(validate(settings(Object.fromEntries(own)), new Set()).problems).toEqual([]);
  });
});

describe("validation", () => {
  test("gives typed values", () => {
    const { values } = validate(
      settings({ ...SERVER, httpPort: "8080", debug: "true", allowedHosts: '["mail"]' }),
      new Set(),
    );
    expect(values).toMatchObject({
      httpPort: 8080,
      debug: true,
      allowedHosts: ["mail"],
      serverHost: "mail.example.org",
    });
    expect(values?.serverKeyFile).toBeUndefined();
  });

  test("names every wrong setting at once, with what to set", () => {
    const { values, problems } = validate(
      settings({
        httpPort: "abc",
        replicas: "0",
        debug: "yes",
        corsAllowedOrigins: '["localhost:3000"]',
        htpPort: "80",
      }),
      new Set(),
    );
    expect(values).toBeUndefined();
    expect(problems).toEqual([
      "htpPort is no setting. Did you mean httpPort? (pulumi config rm htpPort)",
      'httpPort must be a whole number from 1 to 65535, but is "abc" (pulumi config set httpPort …)',
      'replicas must be a whole number from 1 to 20, but is "0" (pulumi config set replicas …)',
      'debug must be true or false, but is "yes" (pulumi config set debug …)',
      'corsAllowedOrigins must be origins such as http://localhost:3000, but is "[\\"localhost:3000\\"]" (pulumi config set corsAllowedOrigins …)',
    ]);
  });

  test("a server needs its host key", () => {
    const { problems } = validate(settings({ serverHost: "mail.example.org" }), new Set());
    expect(problems).toEqual([expect.stringMatching(/^serverHostKey is missing.*pulumi config set serverHostKey/)]);
  });

  test.each(["ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAA", "SHA256:abcdef"])("%s is no host key", (serverHostKey) => {
    const { problems } = validate(settings({ ...SERVER, serverHostKey }), new Set());
    expect(problems).toEqual([expect.stringContaining("serverHostKey must be a public key")]);
  });

  test("a registry needs who signs in", () => {
    const { problems } = validate(settings({ registryAddress: "registry.example.org" }), new Set());
    expect(problems).toHaveLength(2);
    expect(problems.join()).toContain("--secret registryPassword");
  });

  test("a secret in plain text is refused, and not repeated", () => {
    const { problems } = validate(settings({ adminPassword: "correct horse battery" }), new Set());
    expect(problems).toEqual([expect.stringContaining("pulumi config set --secret adminPassword")]);
    expect(problems.join()).not.toContain("correct horse");
  });

  test("a secret that is too short is named, and not repeated", () => {
    const { problems } = validate(settings({ adminPassword: "tiny-secret" }), new Set(["adminPassword"]));
    expect(problems).toEqual([
      "adminPassword must have at least 12 characters (pulumi config set --secret adminPassword …)",
    ]);
  });

  test("a missing setting is named", () => {
    const { httpPort: _, ...others } = settings();
    expect(validate(others, new Set()).problems).toEqual(["httpPort is missing (pulumi config set httpPort …)"]);
  });
});
