import { labelIn } from "../../model/labels.ts";
import type { Expected } from "./expected.mts";
import type { Observed } from "./observed.mts";

/** The site as visitors see it. */
export interface Site {
  url: string;
  /** HTTP status code of the health path; null without an answer. */
  status: number | null;
  /** The release named in the site's answer; null if it names none. */
  release: string | null;
  /** The release that was deployed last. */
  deployed: string | null;
  certificate: Certificate | null;
}

interface Certificate {
  /** ISO 8601. */
  expires: string;
  days: number;
  issuer: string;
}

/** Days before its expiry at which the user's own certificate is a problem. The certificate manager renews managed ones earlier. */
const SOON = 14;

/** Checks the site's answer and certificate. */
export function siteOf({ url, release }: Expected, observed: Observed): { shown: Site | null; problems: string[] } {
  if (!observed.site) return { shown: null, problems: [] };
  const { path, answer } = observed.site;
  const [, code] = /^=([1-9]\d*)=$/m.exec(answer) ?? [];
  const [first = ""] = answer.split("\n", 1);
  const certificate = url.startsWith("https:") ? certificateIn(answer, observed.now) : null;
  const shown: Site = {
    url,
    status: code === undefined ? null : Number(code),
    release: /"release": *"([^"]*)"/.exec(first)?.[1] ?? null,
    deployed: release || null,
    certificate,
  };
  const answers = code !== undefined && /^[23]/.test(code);
  return {
    shown,
    problems: [
      ...(answers
        ? []
        : [`The site does not answer ${path} as it should: ${code ?? "nothing"} ${first.slice(0, 300)}`]),
      ...(certificate ? certificateProblems(certificate, isManaged(observed)) : []),
    ],
  };
}

function certificateIn(answer: string, now: Date): Certificate | null {
  const [expires, issuer] = ["Expire date", "Issuer"].map((field) =>
    new RegExp(`^${field}: *(.*)$`, "m").exec(answer)?.[1]?.trim(),
  );
  const end = new Date(expires ?? "");
  if (Number.isNaN(end.getTime())) return null;
  return {
    expires: end.toISOString(),
    days: Math.floor((end.getTime() - now.getTime()) / 86_400_000),
    issuer: issuer ?? "",
  };
}

function certificateProblems({ days }: Certificate, managed: boolean): string[] {
  if (days >= (managed ? 0 : SOON)) return [];
  return [
    `The certificate ${days < 0 ? "has expired" : `ends in ${days} days`}. A new one is rolled out like a release.`,
  ];
}

function isManaged({ containers }: Observed): boolean {
  return containers.some(
    ({ Config, State }) => labelIn(Config.Labels, "service") === "certificate" && State.Status === "running",
  );
}
