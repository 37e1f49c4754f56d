import { quote } from "../../model/shell.ts";

/** The command line to run next, always with its stack: `npx berth rollback --stack prod`. */
export function hint(stack: string, ...words: string[]): string {
  return [
    "npx berth",
    ...words.map((word) => (/^<.*>$/.test(word) ? word : quote(word))),
    "--stack",
    quote(stack),
  ].join(" ");
}
