// The policy pack: Pulumi runs it on each resource before it changes anything.
// Types are compared by their tokens, because loading the providers' packages takes a second.
import { join } from "node:path";
import { PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { readLock } from "../model/image-lock.ts";
import { programImages } from "../model/program-images.ts";
import { secretIn } from "../model/secrets.ts";
import { TYPES } from "../model/types.ts";
import { containerOf, knownOrUndefined } from "./container.mts";
import { Exceptions, violation } from "./exceptions.mts";
import { renameProblem, versionProblem } from "./postgres.mts";
import { RULES, type Rule, type Stack } from "./rules.mts";
import { secretSettings } from "./secret-settings.mts";
import { deployedResources, PROJECT } from "./state.mts";
import { unusedVolumes, volumesIn } from "./volumes.mts";

// The sources name no module system, which Node.js remarks on once this file has run; Pulumi would print it in each preview.
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  if (!("code" in warning) || warning.code !== "MODULE_TYPELESS_PACKAGE_JSON") console.warn(String(warning));
});

const config = new pulumi.Config();
const exceptions = new Exceptions(config.getObject<string[]>("policyExceptions") ?? []);
const stack: Stack = {
  onServer: Boolean(config.get("serverHost")),
  secrets: secretSettings(join(PROJECT, `Pulumi.${pulumi.getStack()}.yaml`), pulumi.runtime.allConfig()),
  // Those that are deployed by their tags get into the lock with this deployment.
  locked: new Set([...readLock(PROJECT).keys(), ...programImages().byTag.map(({ reference }) => reference)]),
};
// Started early, to run in parallel with the program.
const before = deployedResources(pulumi.getStack());
before.catch(() => undefined);

function forContainers({ name, description, problems }: Rule): ResourceValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: "mandatory",
    validateResource: ({ type, urn, name: resource, props }, report) => {
      if (type !== TYPES.container || exceptions.allows(name, resource)) return;
      for (const problem of problems(containerOf(urn, props), stack)) report(violation(name, resource, problem));
    },
  };
}

/** The rule secret-in-environment for secrets that Pulumi generated: they are known only after all resources. */
const generatedSecrets: StackValidationPolicy = {
  name: "generated-secret-in-environment",
  description: "No environment variable contains a generated secret.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const secrets = resources
      .filter(({ type }) => type === TYPES.password)
      .map(({ props }) => knownOrUndefined(() => String(props["result"] ?? "")) ?? "");
    for (const { type, urn, name, props } of resources) {
      if (type !== TYPES.container || exceptions.allows("secret-in-environment", name)) continue;
      for (const variable of containerOf(urn, props).envs ?? []) {
        if (secretIn(variable) || !secretIn(variable, secrets)) continue;
        report(
          violation("secret-in-environment", name, `has a secret in its environment: ${secretIn(variable, secrets)}`),
          urn,
        );
      }
    }
  },
};

const keptVolumes: StackValidationPolicy = {
  name: "volume-kept",
  description: "No release deletes or replaces a volume with data.",
  enforcementLevel: "mandatory",
  validateStack: async ({ resources }, report) => {
    const after = resources
      .filter(({ type }) => type === TYPES.volume)
      .map(({ props }) => knownOrUndefined(() => String(props["name"])));
    for (const name of unusedVolumes(volumesIn(await before), new Set(after.filter((one) => one !== undefined)))) {
      if (exceptions.allows("volume-kept", name)) continue;
      report(violation("volume-kept", name, "is a volume with data, and the program no longer uses it"));
    }
  },
};

/** Compares a PostgreSQL server with the deployed one. No exception is possible: the server would refuse the release anyway. */
function forDatabases(name: string, description: string, problemOf: typeof versionProblem): ResourceValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: "mandatory",
    validateResource: async ({ type, urn, name, props }, report) => {
      if (type !== TYPES.container) return;
      const problem = problemOf(containerOf(urn, props), await before);
      if (problem) report(`${name} ${problem}`);
    },
  };
}

const databases = [
  forDatabases(
    "database-version",
    "No PostgreSQL server starts on data of another major version, except for an upgrade with consent.",
    versionProblem,
  ),
  forDatabases(
    "database-name",
    "No release renames the database or the superuser of a PostgreSQL server, which exist under their first names only.",
    renameProblem,
  ),
];

new PolicyPack("berth", {
  policies: [...RULES.map(forContainers), generatedSecrets, keptVolumes, ...databases],
});
