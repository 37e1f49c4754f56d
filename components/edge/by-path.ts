/** Values by path prefix; `/` is the whole site. The longest matching prefix applies. */
export type ByPath<Value> = Record<string, Value>;

/**
 * Converts a path prefix to the end of nginx's regular expression for `<address> <path>`. `/admin` and `/admin/` are equal, and neither
 * matches `/administrator`.
 */
export function below(path: string): string {
  const bare = path.replace(/\/+$/, "").replaceAll(/[.+]/g, "\\$&");
  return bare === "" ? "/" : `${bare}(?:/|$)`;
}

/** Sorts entries by path, the most specific first, as nginx tests regular expressions in order. */
export function mostSpecificFirst<Value>(rules: ByPath<Value>): [path: string, value: Value][] {
  return Object.entries(rules).sort(([one], [other]) => other.length - one.length || one.localeCompare(other));
}

/** Errors in the paths of an argument, a sentence each. */
export function pathProblems(argument: string, rules: ByPath<unknown>): string[] {
  return Object.keys(rules).flatMap((path) => {
    if (!path.startsWith("/")) return [`${argument}: the path "${path}" must begin with a slash, e.g. "/${path}".`];
    if (!/^[\p{L}\p{N}/._~@:+,-]*$/u.test(path)) {
      return [`${argument}: the path "${path}" can contain only letters, digits, slashes and . _ ~ @ : + , -.`];
    }
    return path.startsWith("/_errors") ? [`${argument}: the path "${path}" is reserved for the error pages.`] : [];
  });
}
