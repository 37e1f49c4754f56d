import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { DOCKER_HUB, registryParts } from "../model/registry.ts";
import type { BuildInput, SignedIn } from "./build-input.ts";
import { readIfExists } from "./context-files.ts";

/** The parts of docker's config.json with accounts. */
const DockerConfig = z.looseObject({
  auths: z.record(z.string(), z.looseObject({})).default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});
type DockerConfig = z.infer<typeof DockerConfig>;

/** Docker Hub's key in config.json. */
const HUB_KEY = "https://index.docker.io/v1/";

/** The files of a build that nobody else may read, one a line: `<path> <content in base64>`. */
export function privateFiles({ secrets, accounts, here }: BuildInput): string[] {
  const own = DockerConfig.parse(JSON.parse((here && readIfExists(ownConfig())) || "{}"));
  const config = accounts.length > 0 ? { "docker/config.json": JSON.stringify(configWith(accounts, own)) } : {};
  const ofSecrets = Object.entries(secrets).map(([id, value]) => [`secrets/${id}`, value]);
  const files: Record<string, string> = { ...config, ...Object.fromEntries(ofSecrets) };
  return Object.entries(files).map(([path, content]) => `${path} ${Buffer.from(content).toString("base64")}`);
}

/** Adds accounts to a config.json. They take precedence over a store of passwords, which keeps the accounts that it has. */
function configWith(accounts: SignedIn[], { credsStore, ...own }: DockerConfig): DockerConfig {
  const added = Object.fromEntries(accounts.map(({ address, ...account }) => [keyOf(address), authOf(account)]));
  const stored = credsStore ? Object.fromEntries(Object.keys(own.auths).map((host) => [host, credsStore])) : {};
  const helpers = Object.entries({ ...stored, ...own.credHelpers }).filter(([host]) => !(host in added));
  return { ...own, auths: { ...own.auths, ...added }, credHelpers: Object.fromEntries(helpers) };
}

function keyOf(address: string): string {
  const { host } = registryParts(address);
  return host === DOCKER_HUB ? HUB_KEY : host;
}

function authOf({ username, password }: Pick<SignedIn, "username" | "password">): { auth: string } {
  return { auth: Buffer.from(`${username}:${password}`).toString("base64") };
}

function ownConfig(): string {
  return join(process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"), "config.json");
}
