import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { OwnSettings } from "./own.ts";
import { withConfig } from "./pulumi-yaml.ts";
import { withTables } from "./settings-page.ts";
import { standardSettings } from "./standard.ts";

/** A file of a project that is generated from its settings. */
export interface Generated {
  /** Path relative to the project. */
  path: string;
  content: string;
  /** Whether the file on disk differs from `content`. */
  stale: boolean;
}

/** Generates Pulumi.yaml, and docs/settings.md if the project has one, from the settings of the project in `folder`. */
export async function generated(folder: string): Promise<Generated[]> {
  const own = await ownSettings(folder);
  // A project may declare a standard setting again, e.g. with another default.
  const all = { ...standardSettings, ...own };
  const files = [{ path: "Pulumi.yaml", content: withConfig(read(folder, "Pulumi.yaml"), all) }];
  const page = "docs/settings.md";
  if (existsSync(join(folder, page))) {
    files.push({ path: page, content: withTables(read(folder, page), { standard: standardSettings, own }) });
  }
  return files.map(({ path, content }) => ({ path, content, stale: content !== read(folder, path) }));
}

/** The settings that the project's settings.ts exports; none without that file. */
async function ownSettings(folder: string): Promise<OwnSettings["settings"]> {
  const path = join(folder, "settings.ts");
  if (!existsSync(path)) return {};
  const module: { ownSettings?: OwnSettings } = await import(pathToFileURL(path).href);
  if (!module.ownSettings) throw new Error(`${path} does not export ownSettings`);
  return module.ownSettings.settings;
}

function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), "utf8");
}
