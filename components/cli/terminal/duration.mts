import { InvalidArgumentError } from "commander";

const SECONDS = { s: 1, m: 60, h: 3600 };

/** Parses a duration such as `90s`, `10m` or `2h`, and returns seconds. For an option of a command. */
export function duration(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  if (count === "") throw new InvalidArgumentError("It must be a duration such as 90s, 10m or 2h.");
  return Number(count) * SECONDS[unit as keyof typeof SECONDS];
}
