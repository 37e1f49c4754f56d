import type { Finding } from "./findings.mts";

/** Formats findings as text. */
export function report(findings: readonly Finding[]): string {
  return findings
    .map(({ what, differences }) => [`${what}:`, ...differences.map((difference) => `  - ${difference}`)].join("\n"))
    .join("\n");
}
