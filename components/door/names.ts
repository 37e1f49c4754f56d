import { isIP } from "node:net";
import { HOST, toAscii } from "../model/host-name.ts";

/** The names that the front door routes to a site, in the form of DNS and in lower case: its host names and those that redirect to it. */
export function doorNames(names: readonly string[], redirects: Readonly<Record<string, string>> = {}): string[] {
  const all = [...names, ...Object.keys(redirects)].map((name) => toAscii(name).toLowerCase());
  return [...new Set(all)].filter((name) => isIP(name) === 0).sort();
}

/** Longest label of a name in DNS. */
const LABEL = 63;

/** Errors in the names of a site behind the front door, a sentence each. `stack` is the stack's name on the server. */
export function doorProblems(names: readonly string[], stack: string): string[] {
  return [
    ...(names.length > 0 ? [] : ["frontDoor: the site has no host name, by which the front door could find it."]),
    ...names
      .filter((name) => !HOST.test(name.replace(/^\*\./, "")))
      .map((name) => `frontDoor: "${name}" must be a host name such as www.example.org or *.example.org.`),
    ...(stack.split(".").every((label) => label.length <= LABEL)
      ? []
      : [
          `frontDoor: the name of the stack on the server, ${stack}, has ${stack.length} characters. Use shorter names for project and stack, at most ${LABEL} together.`,
        ]),
  ];
}
