import type { Parsed } from "../model/parsed.ts";

/** A target of alerts: a line of the setting `alertsTo`, in words. */
type Target = readonly [kind: string, ...words: string[]];

interface Kind {
  /** Form of each word after the kind. */
  words: RegExp[];
  /** How many of the words may be left out, from the end. Default: 0. */
  optional?: number;
  /** An example, without secrets. */
  example: string;
}

const URL_FORM = /^https?:\/\/[^\s"\\]+$/;
const TOKEN = /^[^\s"\\]+$/;
const ADDRESS = /^[^\s@,"\\<>]+@[^\s@,"\\<>]+$/;
const ADDRESSES = /^[^\s@,"\\<>]+@[^\s@,"\\<>]+(,[^\s@,"\\<>]+@[^\s@,"\\<>]+)*$/;

/** The kinds of targets. scripts/targets sends to each. */
const KINDS: Record<string, Kind> = {
  webhook: { words: [URL_FORM, TOKEN], optional: 1, example: "webhook https://ops.example.org/alerts" },
  slack: { words: [URL_FORM], example: "slack https://hooks.slack.com/services/…" },
  mattermost: { words: [URL_FORM], example: "mattermost https://chat.example.org/hooks/…" },
  discord: { words: [URL_FORM], example: "discord https://discord.com/api/webhooks/…" },
  ntfy: { words: [URL_FORM, TOKEN], optional: 1, example: "ntfy https://ntfy.sh/<topic>" },
  telegram: { words: [/^\d+:[\w-]+$/, /^(-?\d+|@\w+)$/, URL_FORM], optional: 1, example: "telegram <token> <chat id>" },
  mail: {
    words: [/^smtps?:\/\/[^\s"\\]+$/, ADDRESS, ADDRESSES],
    example: "mail smtps://<user>:<password>@smtp.example.org alerts@example.org ops@example.org",
  },
  ping: { words: [URL_FORM], example: "ping https://hc-ping.com/<uuid>" },
};

/**
 * Parses targets, a line each: a kind and its words. Empty lines and those that begin with # are skipped.
 *
 * @returns The lines for the server, or a sentence for each problem, without the secret words.
 */
export function parseTargets(text: string): Parsed<string> {
  const lines = text.split("\n").map((line) => line.trim());
  const numbered = lines.map((line, index) => ({ line, number: index + 1 }));
  const targets = numbered.filter(({ line }) => line !== "" && !line.startsWith("#"));
  const problems = targets.flatMap(({ line, number }) => {
    const [kind = "", ...words] = line.split(/\s+/);
    const problem = problemOf([kind, ...words]);
    return problem === undefined ? [] : [`line ${number} ${problem}`];
  });
  if (problems.length > 0) return { problems };
  return { value: targets.map(({ line }) => `${line.replaceAll(/\s+/g, " ")}\n`).join(""), problems: [] };
}

function problemOf([name, ...words]: Target): string | undefined {
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  // The word may be a part of a secret address.
  if (!kind) return `begins with none of ${Object.keys(KINDS).join(", ")}`;
  const least = kind.words.length - (kind.optional ?? 0);
  const fits = words.length >= least && words.every((word, index) => kind.words[index]?.test(word));
  return fits ? undefined : `is not of the form "${kind.example}"`;
}
