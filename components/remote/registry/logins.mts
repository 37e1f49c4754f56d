import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { registryParts } from "../../model/registry.ts";

const Config = z.looseObject({
  auths: z.record(z.string(), z.looseObject({ auth: z.string().optional() })).optional(),
});

/** The sign-ins that `docker login` keeps in its file on this machine, by the registries' hosts. Those in a credential helper are not used. */
export function dockerLogins(
  folder = process.env["DOCKER_CONFIG"] || join(homedir(), ".docker"),
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(authsIn(join(folder, "config.json")))
      .filter(([, { auth }]) => auth)
      .map(([name, { auth = "" }]) => [hostOf(name), Buffer.from(auth, "base64").toString()]),
  );
}

/** The entries of the file; none if there is no such file, or if Docker could not read it either. */
function authsIn(file: string): NonNullable<z.infer<typeof Config>["auths"]> {
  try {
    return (existsSync(file) && Config.parse(JSON.parse(readFileSync(file, "utf8"))).auths) || {};
  } catch {
    return {};
  }
}

/** Docker's entries are hosts, or addresses such as `https://index.docker.io/v1/`. */
function hostOf(name: string): string {
  return registryParts(name.replace(/^https?:\/\//, "")).host;
}
