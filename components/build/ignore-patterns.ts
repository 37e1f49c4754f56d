import dockerignore from "@balena/dockerignore";

/** Whether a pattern with `!` may include a file again that is below an ignored folder. If not, the folder need not be read. */
export function mayBringBack(patterns: string, folder: string): boolean {
  return exceptionsIn(patterns).some((pattern) => mayMatchBelow(pattern.split("/"), folder.split("/")));
}

function exceptionsIn(patterns: string): string[] {
  return patterns
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("!"))
    .map((line) =>
      line
        .slice(1)
        .trim()
        .replace(/^(\.?\/)+/, "")
        .replace(/\/+$/, ""),
    );
}

/** Compares part by part. A pattern also matches what is below a folder that it matches. */
function mayMatchBelow([pattern, ...morePatterns]: string[], [part, ...moreParts]: string[]): boolean {
  if (pattern === undefined || part === undefined || pattern.includes("**")) return true;
  return matches(pattern, part) && mayMatchBelow(morePatterns, moreParts);
}

function matches(pattern: string, part: string): boolean {
  return (
    pattern === part || (/[*?[\\]/.test(pattern) && dockerignore({ ignorecase: false }).add(pattern).ignores(part))
  );
}
