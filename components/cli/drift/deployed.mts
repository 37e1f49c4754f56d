// Reads the deployed objects from the state.
import { createHash } from "node:crypto";
import { parseTar } from "nanotar";
import {
  currentOf,
  gatesOf,
  nameOf,
  otherServersOf,
  outputsOf,
  type Resource,
  replicasOf,
  resourcesOf,
  type State,
  serverIn,
  sshPrefixOf,
} from "../../model/state.ts";
import { PROVIDER, TYPES } from "../../model/types.ts";

/** A file in a container, without its content, which may be secret. */
export interface File {
  sha256: string;
  /** Octal digits, without leading zeros. */
  mode: string;
  /** Numeric `uid:gid`. */
  owner: string;
}

/** The command that starts a container. */
interface Gate {
  urn: string;
  /** Process limit that it sets. */
  pids: string | undefined;
  /** Files that it copies, by their path in the container. */
  files: Record<string, File>;
}

/** A Docker object in the state. */
export interface DockerObject {
  urn: string;
  id: string;
  inputs: Record<string, unknown>;
}

export interface DeployedContainer extends DockerObject {
  /** Name in the program, e.g. `backend-1`. */
  name: string;
  /** Undefined if its release did not complete. */
  gate: Gate | undefined;
}

export interface DeployedImage extends DockerObject {
  imageId: string;
  /** URN of the step that builds it on the server; undefined if it is pulled. */
  step: string | undefined;
}

/** Configuration of the server's engine. */
export interface Engine {
  /** URN of the command that prepares the server. */
  urn: string;
  settings: Record<string, unknown>;
  dropIn: string;
}

/** A service of a Swarm. */
export interface DeployedService extends DockerObject {
  /** Its number of containers, and the command that starts them; undefined if its release did not complete. */
  gate: { urn: string; replicas: number } | undefined;
}

/** The objects of a stack on one of its servers. */
export interface Deployed {
  /** Name of the server; empty for an only one, and for the one with the data. */
  server: string;
  /** The ssh call up to the remote command; empty for this machine, undefined if the state has no server. */
  sshPrefix: string | undefined;
  /** Outputs of the program; empty before the first complete `up`. */
  outputs: Record<string, unknown>;
  /** Whether an `up` completed, so that the state has all objects of the stack. */
  complete: boolean;
  containers: DeployedContainer[];
  networks: DockerObject[];
  volumes: DockerObject[];
  images: DeployedImage[];
  /** Services of the Swarm. The server with the data has them. */
  services: DeployedService[];
  /** Ids of other objects in the state: replaced ones that Pulumi has not deleted yet, and those of other servers. */
  known: string[];
  engine: Engine | undefined;
}

/**
 * The objects on each server of a stack, the one with the data first.
 *
 * @param state with secrets in plain text, as `pulumi stack export --show-secrets` prints it.
 */
export function deployedOnEach(state: State): [Deployed, ...Deployed[]] {
  return [
    deployedOn(state, { name: "", sshPrefix: sshPrefixOf(state) }),
    ...otherServersOf(state).map((server) => deployedOn(state, server)),
  ];
}

function deployedOn(state: State, server: { name: string; sshPrefix: string | undefined }): Deployed {
  const current = resourcesOf(state).filter((one) => !one.delete);
  const serverOf = serverIn(state);
  const isHere = (one: Resource) => serverOf(one) === server.name;
  const ofType = (type: string) =>
    currentOf(state, type)
      .filter((one) => one.id && isHere(one))
      .map(dockerObject);
  const commands = currentOf(state, TYPES.command);
  const gates = gatesOf(state);
  const outputs = withPlaintext(outputsOf(state, TYPES.stack)) as Record<string, unknown>;
  return {
    server: server.name,
    sshPrefix: server.sshPrefix,
    outputs,
    complete: outputs["url"] !== undefined,
    containers: ofType(TYPES.container).map((one) => ({
      ...one,
      name: nameOf(one.urn),
      gate: startOf(gates.get(one.id)),
    })),
    networks: ofType(TYPES.network),
    volumes: ofType(TYPES.volume),
    images: currentOf(state, TYPES.image)
      .filter((one) => isOnServer(one) && isHere(one))
      .map((one) => ({
        ...dockerObject(one),
        imageId: String(one.outputs?.["imageId"] ?? ""),
        step: buildStepOf(one, commands),
      })),
    services: ofType(TYPES.service).map((one) => {
      const gate = gates.get(one.id);
      return { ...one, gate: gate && { urn: gate.urn, replicas: replicasOf(gate) } };
    }),
    known: resourcesOf(state).flatMap((one) => (one.id && (one.delete || !isHere(one)) ? [one.id] : [])),
    engine: engineOf(current, server.name),
  };
}

function dockerObject({ urn, id = "", inputs = {} }: Resource): DockerObject {
  return { urn, id, inputs: withPlaintext(inputs) as Record<string, unknown> };
}

/** With a registry, this machine's engine builds the images. */
function isOnServer(image: Resource): boolean {
  return (image.provider ?? "").includes(`${TYPES.server}$${PROVIDER}docker`);
}

function buildStepOf({ urn, parent }: Resource, commands: Resource[]): string | undefined {
  return commands.find((one) => one.parent === parent && nameOf(one.urn) === `${nameOf(urn)}-built`)?.urn;
}

function startOf(gate: Resource | undefined): Gate | undefined {
  if (!gate) return undefined;
  const { triggers, stdin } = withPlaintext(gate.inputs ?? {}) as { triggers: string[]; stdin?: string };
  return { urn: gate.urn, pids: triggers[1], files: filesOf(stdin ?? "") };
}

/** Parses the stdin of a gate: one line a folder, with its path and a tar archive in base64. */
function filesOf(packed: string): Record<string, File> {
  const files: Record<string, File> = {};
  for (const line of packed.split("\n").filter((text) => text !== "")) {
    const [folder = "", archive = ""] = line.split(" ");
    // A copy, as nanotar reads the whole memory pool behind a small buffer.
    for (const { type, name, data, attrs } of parseTar(new Uint8Array(Buffer.from(archive, "base64")))) {
      // The folder of a scheduled job's results, which change.
      if (type === "directory") continue;
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

/** nanotar parses the archive's octal digits as decimal ones. */
function fromOctal(digits = 0): number {
  return Number.parseInt(String(digits), 8);
}

function engineOf(resources: Resource[], name: string): Engine | undefined {
  const servers = resources.filter((one) => one.type === TYPES.server);
  const own = servers.find(({ urn }) => nameOf(urn) === (name === "" ? "server" : `server-${name}`));
  const server = own ?? servers[0];
  const { engine } = (server?.outputs ?? {}) as { engine?: { settings: Record<string, unknown>; dropIn: string } };
  const preparing = resources.find((one) => one.parent === server?.urn && nameOf(one.urn).endsWith("-prepared"));
  return engine && preparing && { urn: preparing.urn, ...engine };
}

/** The key that marks a secret in Pulumi's state. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

function withPlaintext(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPlaintext);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value && "plaintext" in value) return withPlaintext(JSON.parse(String(value.plaintext)));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withPlaintext(inner)]));
}
