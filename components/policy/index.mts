// What no release may do: Pulumi asks this pack about each resource, before anything is changed.
// Types are named by their tokens, as loading the providers' packages would take a second.
import { PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { secretIn } from "../model/secrets.ts";
import { TYPES } from "../model/types.ts";
import { containerOf, known } from "./container.mts";
import { Exceptions, told } from "./exceptions.mts";
import { versionProblem } from "./postgres.mts";
import { RULES, type Rule, type Stack } from "./rules.mts";
import { deployedResources } from "./state.mts";
import { lost, volumesIn } from "./volumes.mts";

// The sources name no module system, which Node.js remarks on once this file has run; Pulumi would print it in each preview.
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  if (!("code" in warning) || warning.code !== "MODULE_TYPELESS_PACKAGE_JSON") console.warn(String(warning));
});

const config = new pulumi.Config();
const exceptions = new Exceptions(config.getObject<string[]>("policyExceptions") ?? []);
const stack: Stack = { onServer: Boolean(config.get("serverHost")), secrets: secretSettings() };
// Begun at once, as the program runs meanwhile.
const before = deployedResources(pulumi.getStack());
before.catch(() => undefined);

function secretSettings(): string[] {
  const keys: string[] = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]");
  const values: Record<string, string> = JSON.parse(process.env["PULUMI_CONFIG"] ?? "{}");
  return keys.map((key) => values[key] ?? "");
}

function forContainers({ name, description, problems }: Rule): ResourceValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: "mandatory",
    validateResource: ({ type, urn, name: resource, props }, report) => {
      if (type !== TYPES.container || exceptions.allows(name, resource)) return;
      for (const problem of problems(containerOf(urn, props), stack)) report(told(name, resource, problem));
    },
  };
}

/** The same rule again with the secrets that Pulumi generated, which are known when all resources are. */
const generatedSecrets: StackValidationPolicy = {
  name: "generated-secret-in-environment",
  description: "No generated secret stands in an environment.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const secrets = resources
      .filter(({ type }) => type === TYPES.password)
      .map(({ props }) => known(() => String(props["result"] ?? "")) ?? "");
    for (const { type, urn, name, props } of resources) {
      if (type !== TYPES.container || exceptions.allows("secret-in-environment", name)) continue;
      for (const variable of containerOf(urn, props).envs ?? []) {
        if (secretIn(variable) || !secretIn(variable, secrets)) continue;
        report(
          told("secret-in-environment", name, `has a secret in its environment: ${secretIn(variable, secrets)}`),
          urn,
        );
      }
    }
  },
};

const keptVolumes: StackValidationPolicy = {
  name: "volume-kept",
  description: "No volume that holds data is deleted, or replaced by another one.",
  enforcementLevel: "mandatory",
  validateStack: async ({ resources }, report) => {
    const after = resources
      .filter(({ type }) => type === TYPES.volume)
      .map(({ props }) => known(() => String(props["name"])));
    for (const name of lost(volumesIn(await before), new Set(after.filter((one) => one !== undefined)))) {
      if (exceptions.allows("volume-kept", name)) continue;
      report(told("volume-kept", name, "is a volume with data that the stack would lose sight of"));
    }
  },
};

/** No exception: what the plan lets through, the server refuses. */
const sameVersion: ResourceValidationPolicy = {
  name: "database-version",
  description: "No PostgreSQL server meets data of another major version, but for an upgrade its owner consents to.",
  enforcementLevel: "mandatory",
  validateResource: async ({ type, urn, name, props }, report) => {
    if (type !== TYPES.container) return;
    const problem = versionProblem(containerOf(urn, props), await before);
    if (problem) report(`${name} ${problem}`);
  },
};

new PolicyPack("berth", { policies: [...RULES.map(forContainers), generatedSecrets, keptVolumes, sameVersion] });
