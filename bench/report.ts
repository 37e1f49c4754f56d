/** Number of rounds; ROUNDS=1 in the environment gives a quick look. */
export function roundsOf(usual: number): number {
  return Number(process.env.ROUNDS ?? usual);
}

/** Lines of the report, printed as they become known. */
export function tell(...lines: string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** A table row. */
export function row(...cells: (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Median, minimum and maximum. */
export function spread(values: number[], digits = 2): string {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  );
  return `${middle} (${least}–${most})`;
}

/** Measures the variants in turn, round by round, so that other load on the machine affects all of them. */
export async function interleaved<Way extends string, Measured>(
  ways: Record<Way, () => Promise<Measured>>,
  rounds: number,
): Promise<Record<Way, Measured[]>> {
  const names = Object.keys(ways) as Way[];
  const measured = Object.fromEntries(names.map((way) => [way, [] as Measured[]])) as Record<Way, Measured[]>;
  for (let round = 0; round < rounds; round++) {
    for (const way of names) measured[way].push(await ways[way]());
  }
  return measured;
}

/** Duration of a piece of work in seconds. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
