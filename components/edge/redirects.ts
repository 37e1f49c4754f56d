import { toAscii } from "../model/host-name";

/** Redirects with all names in the form of DNS. */
export function asciiRedirects(redirects: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(redirects).map((names) => names.map(toAscii)));
}

const NAME = /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*$/i;

/** Errors in redirects between host names, a sentence each. `certified` are the certificate's names, if known. */
export function redirectsProblems(redirects: Record<string, string>, certified?: readonly string[]): string[] {
  const inDns = asciiRedirects(redirects);
  return Object.entries(inDns).flatMap(([from, to]) => {
    const wrong = [from, to].filter((name) => !NAME.test(name));
    if (wrong.length > 0) {
      return wrong.map(
        (name) => `redirects: "${name}" must be a host name without scheme or path, e.g. "www.example.org".`,
      );
    }
    if (from.toLowerCase() === to.toLowerCase()) {
      return [`redirects: ${from} redirects to itself. Remove it, or use another host.`];
    }
    if (to in inDns) {
      return [`redirects: ${from} redirects to ${to}, which redirects as well. Use the final host.`];
    }
    return certified === undefined || certified.includes(from)
      ? []
      : [
          `redirects: the certificate does not cover ${from}, so browsers would show a warning. Add the name to the certificate (setting allowedHosts).`,
        ];
  });
}
