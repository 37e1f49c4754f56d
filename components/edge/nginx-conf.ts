import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Eta } from "eta";

/** What a template of nginx.conf can use, as `it.<name>`. */
export interface NginxConfVariables {
  /** `host:port` of each container, by the name of its service. */
  upstreams: Record<string, string[]>;
  /** Values of the program's own. */
  [setting: string]: unknown;
}

const eta = new Eta({ autoEscape: false, autoTrim: [false, "nl"] });
// What every site has, for `<%~ include("@http", it) %>` and the like. Needs nginx 1.29.3 or later.
for (const part of ["main", "http", "server"]) {
  eta.loadTemplate(`@${part}`, readFileSync(join(__dirname, "nginx", `${part}.conf`), "utf8"));
}

/**
 * Renders a template of nginx.conf, which can include the common parts of components/edge/nginx: `@main` at the top, `@http` in the
 * http block, `@server` in the server block. Lists are sorted, so that equal input gives equal text.
 */
export function renderNginxConf(template: string, variables: NginxConfVariables): string {
  const upstreams = Object.fromEntries(
    Object.entries(variables.upstreams)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([service, hosts]) => [service, [...hosts].sort()]),
  );
  return eta.renderString(template, { ...variables, upstreams });
}

/** Reads a template and renders it; the error names the file. */
export function nginxConfFrom(file: string, variables: NginxConfVariables): string {
  try {
    return renderNginxConf(readFileSync(file, "utf8"), variables);
  } catch (error) {
    // What follows the first lines is the whole template as a program.
    const reason = String(error instanceof Error ? error.message : error);
    throw new Error(`${file} cannot be rendered: ${reason.split("\n", 3).join(" ")}`);
  }
}
