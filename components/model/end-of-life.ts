import { inRegistry } from "./image.ts";

/** Ends of support by version, as their projects announced them by November 2026. For Debian, the end of its long-term support. */
const SUPPORTED_UNTIL = {
  PostgreSQL: {
    "12": "2024-11-21",
    "13": "2025-11-13",
    "14": "2026-11-12",
    "15": "2027-11-11",
    "16": "2028-11-09",
    "17": "2029-11-08",
    "18": "2030-11-14",
  },
  Debian: {
    stretch: "2022-06-30",
    buster: "2024-06-30",
    bullseye: "2026-08-31",
    bookworm: "2028-06-30",
    trixie: "2030-06-30",
  },
  Python: {
    "2.7": "2020-01-01",
    "3.7": "2023-06-27",
    "3.8": "2024-10-07",
    "3.9": "2025-10-31",
    "3.10": "2026-10-31",
    "3.11": "2027-10-31",
    "3.12": "2028-10-31",
    "3.13": "2029-10-31",
    "3.14": "2030-10-31",
  },
  "Node.js": {
    "16": "2023-09-11",
    "18": "2025-04-30",
    "20": "2026-04-30",
    "22": "2027-04-30",
    "23": "2025-06-01",
    "24": "2028-04-30",
    "25": "2026-06-01",
  },
} as const satisfies Record<string, Record<string, string>>;

/** The official images whose tags begin with a version. */
const VERSIONED = {
  "library/postgres": { product: "PostgreSQL", version: /^(\d+)/ },
  "library/python": { product: "Python", version: /^(\d+\.\d+)/ },
  "library/node": { product: "Node.js", version: /^(\d+)/ },
} as const;
/** The versions of Debian by the numbers in their tags. */
const DEBIAN = { "9": "stretch", "10": "buster", "11": "bullseye", "12": "bookworm", "13": "trixie" } as const;

/**
 * The versions in an image's name whose support has ended, a sentence each, e.g. `PostgreSQL 13 is not supported since 2025-11-13`.
 * Knows the official images of PostgreSQL, Python, Node.js and Debian, and Debian's name in the tag of any image.
 */
export function endedVersions(reference: string, now = new Date()): string[] {
  const { host, repository, tag } = inRegistry(reference);
  const today = now.toISOString().slice(0, 10);
  const named = versionsIn(host === "docker.io" ? repository : "", tag);
  return named.flatMap(([product, version]) => {
    const dates: Record<string, string> = SUPPORTED_UNTIL[product];
    const end = dates[version];
    return end !== undefined && end < today ? [`${product} ${version} is not supported since ${end}`] : [];
  });
}

type Product = keyof typeof SUPPORTED_UNTIL;

function versionsIn(repository: string, tag: string): [Product, string][] {
  const official = Object.entries(VERSIONED).find(([name]) => name === repository)?.[1];
  const version = official?.version.exec(tag)?.[1];
  const suite = Object.keys(SUPPORTED_UNTIL.Debian).find((name) => tag.split(/[-.]/).includes(name));
  const number = repository === "library/debian" ? /^(\d+)/.exec(tag)?.[1] : undefined;
  const debian = suite ?? Object.entries(DEBIAN).find(([one]) => one === number)?.[1];
  return [
    ...(official && version !== undefined ? [[official.product, version] as [Product, string]] : []),
    ...(debian === undefined ? [] : [["Debian", debian] as [Product, string]]),
  ];
}
