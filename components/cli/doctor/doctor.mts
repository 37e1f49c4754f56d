import { DOOR_IMAGE } from "../../model/door.ts";
import { lockedReference } from "../../model/image-lock.ts";
import { capture } from "../../remote/program.mts";
import { tryCommands } from "../../settings/secret-commands.ts";
import { lookAt } from "../base-images/look.mts";
import { routesOf } from "../base-images/program-images.mts";
import { lockIn } from "../base-images/update.mts";
import { withoutDockerContext } from "../engine/docker-context.mts";
import { useKeyFromVariable } from "../engine/ssh-key.mts";
import { findProject } from "../project/project.mts";
import type { Stack } from "../project/stack.mts";
import type { Check } from "./check.mts";
import { judge, judgeServer } from "./checks.mts";
import type { Facts } from "./facts.mts";
import { baseImagesOf } from "./observe/dockerfiles.mts";
import { observeEngine, openEngine } from "./observe/engine.mts";
import { addressesOf, namesOf, probePort, resolved } from "./observe/network.mts";
import { observeRegistry } from "./observe/registry.mts";
import { observeLocal, observeServer, separatePrefix, sharedPrefix } from "./observe/server.mts";
import { observeWorkstation } from "./observe/workstation.mts";
import { settingsOfEach } from "./servers.mts";
import { readSettings, type Settings } from "./settings.mts";
import { requiredPorts } from "./target.mts";

export interface Diagnosis {
  stack: string;
  /** Whether no check found a problem. */
  ok: boolean;
  checks: Check[];
}

/** Observes this machine and the server before a deployment, and runs all checks. Changes nothing. */
export async function diagnose(named: string | undefined, { interactive = false } = {}): Promise<Diagnosis> {
  const project = findProject();
  process.chdir(project.folder);
  await useKeyFromVariable();
  await withoutDockerContext();
  const access = openEngine(project);
  const stack = { project, name: named ?? (await selectedStack()) ?? "dev" };
  const checks = await judgeAll(stack, access, interactive);
  return { stack: stack.name, ok: checks.every(({ status }) => status !== "problem"), checks };
}

type Access = ReturnType<typeof openEngine>;

/** The checks of this machine and the server with the data, then those of each other server. */
async function judgeAll(stack: Stack, access: Access, interactive: boolean): Promise<Check[]> {
  const [{ settings: home }, ...others] = settingsOfEach(readSettings(stack));
  const [facts, ...seen] = await Promise.all([
    observe(stack, home, access, interactive),
    ...others.map(async ({ name, settings }) => ({
      name,
      settings,
      ...(await observeServer(stack, settings, { images: [], interactive: false })),
    })),
  ]);
  return [...judge(facts), ...seen.flatMap(({ name, ...own }) => judgeServer(name, { ...facts, ...own }))];
}

async function observe(stack: Stack, settings: Settings, access: Access, interactive: boolean): Promise<Facts> {
  const { serverHost = "", registryAddress, frontDoor } = settings.values;
  const lock = lockIn(stack.project.folder);
  const ofDockerfiles = baseImagesOf(stack.project.folder);
  const images = ofDockerfiles.map((image) => lockedReference(lock, image) ?? image);
  const pulled = frontDoor === "true" ? [DOOR_IMAGE] : [];
  const onBuilder = registryAddress !== "" && serverHost !== "";
  const [workstation, engine, seen, builder, registry, names, serverAddresses, publicPorts, baseImages] =
    await Promise.all([
      observeWorkstation(settings),
      observeEngine(stack, settings, access),
      observeServer(stack, settings, { images: [...(onBuilder ? [] : images), ...pulled], interactive }),
      onBuilder ? observeLocal(stack, images) : undefined,
      observeRegistry(stack, settings),
      Promise.all(serverHost === "" ? [] : namesOf(settings).map(resolved)),
      serverHost === "" ? [] : addressesOf(serverHost),
      Promise.all(publicPortsOf(settings).map((port) => probePort(serverHost, port))),
      lookAt(
        [...new Set([...ofDockerfiles, ...lock.keys()])],
        lock,
        routesOf(stack, (settings) => separated(sharedPrefix(settings))),
      ),
    ]);
  const { project, name } = stack;
  const secretCommands = tryCommands(settings.values["secretCommands"]);
  const facts = {
    settings,
    secretCommands,
    workstation,
    engine,
    ...seen,
    builder,
    registry,
    names,
    serverAddresses,
    publicPorts,
    baseImages,
  };
  return { project: project.name, stack: name, ...facts };
}

/** An open connection would hide a changed host key. */
function separated(shared: string | undefined): string | undefined {
  return shared === undefined ? undefined : separatePrefix(shared);
}

/** Ports of the site that the server publishes; none if it listens on the loopback address only. */
function publicPortsOf(settings: Facts["settings"]): number[] {
  const { serverHost, httpAddress } = settings.values;
  if (!serverHost || httpAddress === "127.0.0.1" || httpAddress === "::1") return [];
  const ports = requiredPorts(settings)
    .filter(({ setting }) => ["httpPort", "httpsPort", "frontDoor"].includes(setting))
    .map(({ port }) => port);
  return [...new Set(ports)];
}

async function selectedStack(): Promise<string | undefined> {
  const { status, stdout } = await capture("pulumi", ["stack", "--show-name", "--non-interactive"]);
  return status === 0 && stdout.trim() !== "" ? stdout.trim() : undefined;
}
