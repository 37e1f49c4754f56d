/** What holds for a path and everything below it; `/` is the whole site. Where several paths match, the longest decides. */
export type ByPath<What> = Record<string, What>;

/**
 * A path as the end of nginx's regular expression for `<address> <path>`. `/admin` and `/admin/` mean the same; neither covers
 * `/administrator`.
 */
export function below(path: string): string {
  const bare = path.replace(/\/+$/, "").replaceAll(/[.+]/g, "\\$&");
  return bare === "" ? "/" : `${bare}(?:/|$)`;
}

/** The entries, the most specific path first, which is the order in which nginx tries expressions. */
export function mostSpecificFirst<What>(rules: ByPath<What>): [path: string, what: What][] {
  return Object.entries(rules).sort(([one], [other]) => other.length - one.length || one.localeCompare(other));
}

/** What is wrong with the paths of the argument `argument`, a sentence each. */
export function pathProblems(argument: string, rules: ByPath<unknown>): string[] {
  return Object.keys(rules).flatMap((path) => {
    if (!path.startsWith("/")) return [`${argument}: the path "${path}" must begin with a slash, e.g. "/${path}".`];
    if (!/^[\p{L}\p{N}/._~@:+,-]*$/u.test(path)) {
      return [`${argument}: the path "${path}" may have letters, digits, slashes and . _ ~ @ : + , - only.`];
    }
    return path.startsWith("/_errors") ? [`${argument}: the path "${path}" belongs to the error pages.`] : [];
  });
}
