import { type ByPath, mostSpecificFirst, pathProblems } from "./by-path";

/** Handler of a path: one of these four. */
export type Location =
  | {
      /** Name of the upstream to proxy to, including WebSockets. */
      upstream: string;
    }
  | {
      /** Folder in nginx's container, in its image or a volume, e.g. `/srv/media`. The location's path must end with a slash. */
      files: string;
      /** File in the folder to send for a missing file, e.g. `index.html` of a single-page application. Default: none (404). */
      fallback?: string;
      /** Whether files never change under their names, so that browsers cache them for a year. Default: false, browsers revalidate. */
      immutable?: boolean;
    }
  | {
      /** Path or URL to redirect to (308), with the query. */
      redirect: string;
    }
  | {
      /** nginx directives for the location. */
      nginx: string;
    };

const KINDS = ["upstream", "files", "redirect", "nginx"];
const QUOTABLE = /^[^\s"$\\]+$/;

/** Errors in the locations, a sentence each. */
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
        : ['serves files, so it must end with a slash; otherwise ".." could leave the folder.']),
      ...(/^\//.test(location.files) && QUOTABLE.test(location.files)
        ? []
        : [`serves files of "${location.files}", which must be an absolute path in nginx's container.`]),
      ...(location.fallback === undefined || /^[\w.-]+$/.test(location.fallback)
        ? []
        : [`falls back to "${location.fallback}", which must be the name of a file in the folder, e.g. "index.html".`]),
    ];
  }
  if ("redirect" in location) return redirectProblems(path, location.redirect, all);
  return location.nginx.trim() === "" ? ["has no directives in `nginx`."] : [];
}

function upstreamProblems(upstream: string, upstreams: readonly string[]): string[] {
  if (upstreams.includes(upstream)) return [];
  return [
    `uses the upstream "${upstream}", which does not exist. The upstreams are: ${upstreams.join(", ") || "none"}.`,
  ];
}

function redirectProblems(path: string, target: string, all: ByPath<Location>): string[] {
  if (!/^(\/|https?:\/\/)/.test(target) || !QUOTABLE.test(target)) {
    return [`redirects to "${target}", which must be a path ("/new/") or a URL ("https://…").`];
  }
  const [matching] = mostSpecificFirst(all).find(([prefix]) => target.startsWith(prefix)) ?? [];
  return matching === path
    ? [`redirects to "${target}", which is below it: a redirect loop. Use a path of another location.`]
    : [];
}
