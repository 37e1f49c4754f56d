import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Problem } from "../../model/problem.ts";
import { isRecord } from "../../model/values.ts";
import { host } from "../../settings/kinds.ts";
import { readSettings } from "../doctor/settings.mts";
import { type Project, readYaml } from "../project/project.mts";
import { TEMPLATE } from "../project/template-file.mts";

const wholeNumber = (most: number) => z.number().int().min(1).max(most);

/** The block `preview` of the template. */
const Rules = z.strictObject({
  /** Each preview environment is at `<name>.<domain>`. */
  domain: host("must be a domain such as preview.example.org"),
  /** How many there may be at a time. */
  limit: wholeNumber(100).default(10),
  /** Days after the last `up` until `prune` takes one down. */
  lifetime: wholeNumber(365).default(7),
  /** A service and a command to run in it once, after the first deployment. */
  seed: z.array(z.string().min(1)).min(2, "must be a service and a command, e.g. [backend, ./seed.sh]").optional(),
  /** Another stack on the same server, whose newest backup is restored once, and a file with SQL that makes the data harmless. */
  restore: z.strictObject({ from: z.string().min(1), sanitize: z.string().min(1) }).optional(),
});
export type Rules = z.infer<typeof Rules>;

const File = z.looseObject({ preview: z.unknown(), config: z.record(z.string(), z.unknown()).nullish() });

export interface Template {
  rules: Rules;
  /** Settings of all preview environments, by their names without the project's prefix. */
  settings: Record<string, unknown>;
  /** Whether the sites have HTTPS. */
  tls: boolean;
}

/** Settings that differ between preview environments, and so are set for each of them. */
const OWN = ["siteName", "frontDoor", "forceDestroyData", "adoptServer"];

/** @throws Problem that lists what is wrong, with what to set instead. */
export function readTemplate(project: Project): Template {
  const path = join(project.folder, TEMPLATE);
  if (!existsSync(path)) {
    throw new Problem(
      `There is no ${TEMPLATE}, the settings of preview environments. It is a stack's file with a block preview:\n\n${EXAMPLE}`,
    );
  }
  const file = File.safeParse(readYaml(path));
  if (!file.success || !isRecord(file.data.preview)) {
    throw new Problem(
      `${TEMPLATE} is no template of preview environments: it has no block preview, e.g.\n\n${EXAMPLE}`,
    );
  }
  const settings = withoutPrefix(file.data.config ?? {}, project.name);
  const rules = Rules.safeParse(file.data.preview);
  const problems = [
    ...(rules.error?.issues ?? []).map(({ path: at, message }) => `preview.${at.join(".") || "?"}: ${message}`),
    ...(rules.data?.restore ? sqlProblems(project, rules.data.restore.sanitize) : []),
    ...settingProblems(settings),
  ];
  if (!rules.success || problems.length > 0) {
    const lines = problems.map((problem) => `  - ${problem}`).join("\n");
    throw new Problem(`${TEMPLATE} is invalid; nothing was changed:\n${lines}`);
  }
  const { tls } = readSettings({ project, name: "preview" }).values;
  return { rules: rules.data, settings, tls: tls !== "off" };
}

function sqlProblems({ folder }: Project, file: string): string[] {
  return existsSync(join(folder, file)) ? [] : [`preview.restore.sanitize: there is no file ${file} in the project`];
}

function settingProblems(settings: Record<string, unknown>): string[] {
  const own = OWN.filter((name) => name in settings).map(
    (name) => `${name} is set for each preview environment. Remove it here`,
  );
  const secret = Object.keys(settings)
    .filter((name) => isRecord(settings[name]) && "secure" in settings[name])
    .map(
      (name) =>
        `${name} is encrypted, for one stack only. Let it be generated, or name a command that prints it: secretCommands, e.g. ["${name}=printenv PREVIEW_SECRET"]`,
    );
  return [...own, ...secret];
}

function withoutPrefix(config: Record<string, unknown>, project: string): Record<string, unknown> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.startsWith(prefix) ? key.slice(prefix.length) : key, value]),
  );
}

const EXAMPLE = `preview:
  domain: preview.example.org  # each at <name>.preview.example.org
config:
  serverHost: preview.example.org
  serverHostKey: ssh-ed25519 …`;
