/** A schedule in the form of the runner: minutes, hours, days of the month, months and days of the week, as lists or `*`. */
type Fields = [minutes: string, hours: string, days: string, months: string, weekdays: string];

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const ALIASES: Record<string, string> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
};

interface Field {
  name: string;
  least: number;
  most: number;
  /** Names of the values from `least` on. */
  names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of the month", least: 1, most: 31 },
  { name: "month", least: 1, most: 12, names: MONTHS },
  // 7 is Sunday too.
  { name: "day of the week", least: 0, most: 7, names: WEEKDAYS },
];

/**
 * Reads a schedule in the notation of cron: five fields, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`.
 * @throws Error with one sentence that names the wrong field.
 */
export function fieldsOf(schedule: string): Fields {
  const words = (ALIASES[schedule] ?? schedule).trim().split(/\s+/);
  if (words.length !== FIELDS.length) {
    throw new Error(
      `"${schedule}" must have five fields, e.g. "0 7 * * 1-5": minute, hour, day of the month, month, day of the week.`,
    );
  }
  const [minutes = "", hours = "", days = "", months = "", weekdays = ""] = FIELDS.map((field, index) =>
    listOf(field, words[index] ?? ""),
  );
  if (weekdays === "*" && !everOccurs(days, months)) {
    throw new Error(`"${schedule}" never occurs: none of its months has such a day.`);
  }
  return [minutes, hours, days, months, weekdays];
}

/** What is wrong with a schedule, in a sentence. */
export function scheduleProblems(schedule: string): string[] {
  try {
    fieldsOf(schedule);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** The values of a field, in order and separated by commas; `*` if it allows all. */
function listOf(field: Field, text: string): string {
  const all = text.split(",").flatMap((part) => valuesOf(field, part));
  const values = [...new Set(field.most === 7 ? all.map((value) => value % 7) : all)].sort((one, other) => one - other);
  const possible = field.most === 7 ? 7 : field.most - field.least + 1;
  return values.length === possible ? "*" : values.join(",");
}

// The values of `*`, `5`, `1-5`, `*/15` or `0-30/10`.
function valuesOf(field: Field, part: string): number[] {
  const [, range = "", step] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
  const [first, last, ...more] = range === "*" ? [field.least, field.most] : range.split("-").map(numberOf(field));
  const end = last ?? (step === undefined ? first : field.most);
  const every = Number(step ?? 1);
  if (first === undefined || end === undefined || more.length > 0 || every === 0 || !isRange(field, first, end)) {
    throw new Error(
      `"${part}" is not valid for the ${field.name}: it allows numbers from ${field.least} to ${field.most}${field.names ? ` and names such as ${field.names[1]}` : ""}, ranges such as 1-5, lists and steps such as */15.`,
    );
  }
  return Array.from({ length: Math.floor((end - first) / every) + 1 }, (_, index) => first + index * every);
}

function numberOf({ least, names = [] }: Field): (text: string) => number {
  return (text) => {
    const index = names.indexOf(text.toLowerCase());
    return index === -1 ? (/^\d{1,2}$/.test(text) ? Number(text) : Number.NaN) : index + least;
  };
}

/** Not a number is in no range. */
function isRange({ least, most }: Field, first: number, last: number): boolean {
  return first >= least && last <= most && first <= last;
}

function everOccurs(days: string, months: string): boolean {
  if (days === "*") return true;
  const earliest = Math.min(...days.split(",").map(Number));
  const chosen = months === "*" ? [1] : months.split(",").map(Number);
  return chosen.some((month) => earliest <= new Date(Date.UTC(2024, month, 0)).getUTCDate());
}
