import { type ByPath, mostSpecificFirst, pathProblems } from "./by-path";

/** What answers at a path: one of these four. */
export type Location =
  | {
      /** Name of the upstream that answers. WebSockets pass. */
      upstream: string;
    }
  | {
      /** Folder in nginx's container, of its image or of a volume, e.g. `/srv/media`. The path ends with a slash. */
      files: string;
      /** File of the folder that is sent where there is none of the name asked for, e.g. `index.html` of a single-page application. */
      fallback?: string;
      /** Whether no file ever changes under its name, so that browsers keep it for a year. Default: false, browsers ask each time. */
      immutable?: boolean;
    }
  | {
      /** Path or address everything below the path is sent to (308). The query is kept. */
      redirect: string;
    }
  | {
      /** Directives of the location in nginx's own words. */
      nginx: string;
    };

const KINDS = ["upstream", "files", "redirect", "nginx"];
const QUOTABLE = /^[^\s"$\\]+$/;

/** What is wrong with the locations, a sentence each. */
export function locationProblems(locations: ByPath<Location>, upstreams: readonly string[]): string[] {
  return [
    ...pathProblems("locations", locations),
    ...Object.entries(locations).flatMap(([path, location]) => {
      const kinds = KINDS.filter((kind) => kind in location);
      if (kinds.length !== 1) return [`locations: "${path}" must have exactly one of ${KINDS.join(", ")}.`];
      return problemsOf(path, location, locations, upstreams).map((problem) => `locations: "${path}" ${problem}`);
    }),
  ];
}

function problemsOf(path: string, location: Location, all: ByPath<Location>, upstreams: readonly string[]): string[] {
  if ("upstream" in location) return upstreamProblems(location.upstream, upstreams);
  if ("files" in location) {
    return [
      ...(path.endsWith("/")
        ? []
        : ['serves files, so it must end with a slash: others could leave the folder by "..".']),
      ...(/^\//.test(location.files) && QUOTABLE.test(location.files)
        ? []
        : [`serves files of "${location.files}", which must be an absolute path in nginx's container.`]),
      ...(location.fallback === undefined || /^[\w.-]+$/.test(location.fallback)
        ? []
        : [`falls back to "${location.fallback}", which must be the name of a file in the folder, e.g. "index.html".`]),
    ];
  }
  if ("redirect" in location) return redirectProblems(path, location.redirect, all);
  return location.nginx.trim() === "" ? ["has no directives in nginx."] : [];
}

function upstreamProblems(upstream: string, upstreams: readonly string[]): string[] {
  if (upstreams.includes(upstream)) return [];
  return [
    `goes to the upstream "${upstream}", which there is not. The upstreams are: ${upstreams.join(", ") || "none"}.`,
  ];
}

function redirectProblems(path: string, target: string, all: ByPath<Location>): string[] {
  if (!/^(\/|https?:\/\/)/.test(target) || !QUOTABLE.test(target)) {
    return [`is redirected to "${target}", which must be a path ("/new/") or an address ("https://…").`];
  }
  const [matching] = mostSpecificFirst(all).find(([prefix]) => target.startsWith(prefix)) ?? [];
  return matching === path
    ? [`is redirected to "${target}", which is below it, so nobody would arrive. Name a path of another location.`]
    : [];
}
