// What was deployed, read from the state.
import { createHash } from "node:crypto";
import { parseTar } from "nanotar";
import {
  currentOf,
  nameOf,
  outputsOf,
  type Resource,
  resourcesOf,
  type State,
  sshPrefixOf,
} from "../../model/state.ts";
import { TYPES } from "../../model/types.ts";

/** A file in a container. No content, so that none can be shown. */
export interface File {
  sha256: string;
  /** Octal digits, without leading zeros. */
  mode: string;
  /** Numeric `uid:gid`. */
  owner: string;
}

/** What started a container. */
interface Gate {
  urn: string;
  /** Limit of processes it set, where it is known. */
  pids: string | undefined;
  /** Files it brought, by their path in the container. */
  files: Record<string, File>;
}

/** Anything of Docker's that Pulumi made. */
export interface Thing {
  urn: string;
  id: string;
  inputs: Record<string, unknown>;
}

export interface DeployedContainer extends Thing {
  /** Its name in the program, e.g. `backend-1`. */
  name: string;
  /** Missing when its release did not come to its end. */
  gate: Gate | undefined;
}

/** What the engine of a server was told. */
export interface Engine {
  /** The resource that prepares the server. */
  urn: string;
  settings: Record<string, unknown>;
  dropIn: string;
}

export interface Deployed {
  /** The ssh call up to the remote command; empty for this machine, undefined when nothing is known of it. */
  reach: string | undefined;
  /** What the program exports; nothing before an `up` came to its end. */
  outputs: Record<string, unknown>;
  /** An `up` came to its end, so whatever else carries the stack's labels is not of it. */
  complete: boolean;
  containers: DeployedContainer[];
  networks: Thing[];
  volumes: Thing[];
  images: (Thing & { imageId: string })[];
  /** Replaced containers and networks that only wait to be deleted, by id. */
  leaving: string[];
  engine: Engine | undefined;
}

/** @param state with secrets in plain text, as `pulumi stack export --show-secrets` gives it. */
export function deployedFrom(state: State): Deployed {
  const current = resourcesOf(state).filter((one) => !one.delete);
  const made = (type: string) =>
    currentOf(state, type)
      .filter(({ id }) => id)
      .map(thing);
  const gates = currentOf(state, TYPES.command);
  const outputs = plain(outputsOf(state, TYPES.stack)) as Record<string, unknown>;
  return {
    reach: sshPrefixOf(state),
    outputs,
    complete: outputs["url"] !== undefined,
    containers: made(TYPES.container).map((one) => ({ ...one, name: nameOf(one.urn), gate: gateOf(one.id, gates) })),
    networks: made(TYPES.network),
    volumes: made(TYPES.volume),
    images: currentOf(state, TYPES.image)
      .filter(isOnServer)
      .map((one) => ({ ...thing(one), imageId: String(one.outputs?.["imageId"] ?? "") })),
    leaving: resourcesOf(state).flatMap((one) => (one.delete && one.id ? [one.id] : [])),
    engine: engineOf(current),
  };
}

function thing({ urn, id = "", inputs = {} }: Resource): Thing {
  return { urn, id, inputs: plain(inputs) as Record<string, unknown> };
}

/** With a registry, images are built by an engine that is not the server's. */
function isOnServer({ provider = "" }: Resource): boolean {
  return provider.includes("berth:host:Server$pulumi:providers:docker");
}

function gateOf(container: string, commands: Resource[]): Gate | undefined {
  for (const { urn, inputs } of commands) {
    const { triggers, stdin } = plain(inputs ?? {}) as { triggers?: string[]; stdin?: string };
    // Others are triggered by a container too, but only its gate brings files.
    if (triggers?.[0] === container && triggers.length === 2) {
      return { urn, pids: triggers[1], files: filesOf(stdin ?? "") };
    }
  }
  return undefined;
}

/** The files in the form the gates get them: a line a folder, of its name and a tar archive in base64. */
function filesOf(packed: string): Record<string, File> {
  const files: Record<string, File> = {};
  for (const line of packed.split("\n").filter((text) => text !== "")) {
    const [folder = "", archive = ""] = line.split(" ");
    // A copy, as nanotar reads all of the memory a small buffer shares with others.
    for (const { name, data, attrs } of parseTar(new Uint8Array(Buffer.from(archive, "base64")))) {
      files[`${folder}/${name}`] = {
        sha256: createHash("sha256")
          .update(data ?? "")
          .digest("hex"),
        mode: (attrs?.mode ?? "").replace(/^0+/, ""),
        owner: `${fromOctal(attrs?.uid)}:${fromOctal(attrs?.gid)}`,
      };
    }
  }
  return files;
}

/** The archive has it in octal digits, which nanotar reads as decimal ones. */
function fromOctal(digits = 0): number {
  return Number.parseInt(String(digits), 8);
}

function engineOf(resources: Resource[]): Engine | undefined {
  const server = resources.find((one) => one.type === TYPES.server);
  const { engine } = (server?.outputs ?? {}) as { engine?: { settings: Record<string, unknown>; dropIn: string } };
  const preparing = resources.find((one) => one.parent === server?.urn && nameOf(one.urn).endsWith("-prepared"));
  return engine && preparing && { urn: preparing.urn, ...engine };
}

/** The key by which Pulumi's state tells a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value && "plaintext" in value) return plain(JSON.parse(String(value.plaintext)));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
