import type { Parsed } from "../model/parsed.ts";
import { allowProblems, basicAuthProblems } from "./access.ts";
import type { ByPath } from "./by-path.ts";

/** Parses networks by path from lines `<path> <network>…`, e.g. `/admin/ 192.0.2.7 10.0.0.0/8`. */
export function parseAllow(lines: readonly string[]): Parsed<ByPath<string[]>> {
  const rules: ByPath<string[]> = {};
  for (const line of lines) {
    const [path = "", ...networks] = line.trim().split(/[\s,]+/);
    rules[path] = [...(rules[path] ?? []), ...networks];
  }
  return checked(rules, allowProblems(rules));
}

/** Parses users by path from lines `<path> <user>:<password>`. The problems do not show passwords. */
export function parseBasicAuth(text: string): Parsed<ByPath<Record<string, string>>> {
  const rules: ByPath<Record<string, string>> = {};
  const wrong: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [, path = "", user = "", password = ""] = /^\s*(\/\S*)\s+([^\s:]+):(.*\S)\s*$/.exec(line) ?? [];
    if (path === "") wrong.push(`line ${index + 1} is not "<path> <user>:<password>", e.g. "/admin/ ada:…".`);
    else if (rules[path]?.[user] !== undefined) wrong.push(`the user "${user}" is at "${path}" twice.`);
    else rules[path] = { ...rules[path], [user]: password };
  }
  return checked(rules, [...wrong, ...basicAuthProblems(rules)]);
}

/** The problems are those of the arguments of `Edge`, without the argument's name. */
function checked<Value>(value: Value, problems: string[]): Parsed<Value> {
  if (problems.length === 0) return { value, problems: [] };
  return { problems: problems.map((one) => one.replace(/^(allow|basicAuth): /, "").replace(/\.$/, "")) };
}
