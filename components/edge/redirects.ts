const NAME = /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*$/i;

/** What is wrong with redirects between host names, a sentence each. `certified` are the certificate's names, where they are known. */
export function redirectsProblems(redirects: Record<string, string>, certified?: readonly string[]): string[] {
  return Object.entries(redirects).flatMap(([from, to]) => {
    const wrong = [from, to].filter((name) => !NAME.test(name));
    if (wrong.length > 0) {
      return wrong.map((name) => `redirects: "${name}" must be a host name alone, e.g. "www.example.org".`);
    }
    if (from.toLowerCase() === to.toLowerCase()) {
      return [`redirects: ${from} is redirected to itself. Remove it, or name another host.`];
    }
    if (to in redirects) {
      return [`redirects: ${from} is redirected to ${to}, which is redirected as well. Name the host that answers.`];
    }
    return certified === undefined || certified.includes(from)
      ? []
      : [
          `redirects: the certificate is not for ${from}, so browsers would warn there. Add the name to the certificate (setting allowedHosts).`,
        ];
  });
}
