import { parse } from "yaml";
import type { Parsed } from "../model/parsed.ts";
import { isRecord, valueOrUndefined } from "../model/values.ts";

/** Variables of a DNS provider by name, e.g. `CF_DNS_API_TOKEN`. */
export type DnsCredentials = Record<string, string>;

const VARIABLE = /^[A-Z][A-Z0-9_]*$/;

/** Parses the variables of a DNS provider from a YAML or JSON object. The problems show no values. */
export function parseDnsCredentials(text: string): Parsed<DnsCredentials> {
  const object = valueOrUndefined((): unknown => parse(text, { logLevel: "error" }));
  if (!isRecord(object) || Object.keys(object).length === 0) {
    return { problems: ['it must be lines "<VARIABLE>: <value>", as YAML or JSON'] };
  }
  const value: DnsCredentials = {};
  const problems: string[] = [];
  for (const [name, content] of Object.entries(object)) {
    const problem = variableProblem(name, content);
    if (problem === undefined) value[name] = String(content);
    else problems.push(problem);
  }
  return problems.length === 0 ? { value, problems: [] } : { problems };
}

function variableProblem(name: string, content: unknown): string | undefined {
  if (!VARIABLE.test(name)) return "a name is not one of a variable, such as CF_DNS_API_TOKEN";
  if (name.endsWith("_FILE")) return `${name} names a file, which the container does not have; set the value itself`;
  if (!["string", "number", "boolean"].includes(typeof content)) return `the value of ${name} must be text`;
  const text = String(content);
  if (text === "") return `the value of ${name} is empty`;
  // lego's parser of the file has no escapes for these.
  if (/'|\\$/.test(text)) return `the value of ${name} must not contain ' or end with \\`;
  return undefined;
}

/** The file that lego reads the variables from, so that they are in no environment and no command line. */
export function dnsCredentialsFile(credentials: DnsCredentials): string {
  return Object.entries(credentials)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join("");
}
