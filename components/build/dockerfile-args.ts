import type { Dockerfile } from "dockerfile-ast";

/** The arguments before the first `FROM`, which image names can use: those of the build, else their defaults. */
export function globalArguments(dockerfile: Dockerfile, buildArgs: Record<string, string>): Map<string, string> {
  const values = new Map<string, string>();
  for (const instruction of dockerfile.getInitialARGs()) {
    for (const property of instruction.getProperties()) {
      const value = buildArgs[property.getName()] ?? expanded(property.getUnescapedValue() ?? "", values);
      // A default with an argument that only the builder knows leaves the argument unknown.
      if (value !== undefined) values.set(property.getName(), value);
    }
  }
  return values;
}

const VARIABLE = /\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^{}]*))?\})/g;

/**
 * A word with its arguments filled in, in the forms `$name`, `${name}`, `${name:-default}` and `${name:+value}`, and without quotes.
 * Undefined if it contains another form or an unknown argument.
 */
export function expanded(word: string, values: ReadonlyMap<string, string>): string | undefined {
  let known = true;
  const text = word.replace(/^(["'])(.*)\1$/, "$2").replace(VARIABLE, (_, bare, braced, operator = "", other = "") => {
    const value = values.get(bare ?? braced);
    const isSet = value !== undefined && (value !== "" || !operator.startsWith(":"));
    if (operator.endsWith("-")) return isSet ? value : other;
    if (operator.endsWith("+")) return isSet ? other : "";
    known &&= value !== undefined;
    return value ?? "";
  });
  return known && !text.includes("$") ? text : undefined;
}
