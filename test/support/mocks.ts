import * as pulumi from "@pulumi/pulumi";
import { LockedImages, useLockedImages } from "../../components/build/locked-images";

/** A resource as a program registered it. */
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** Names of the secret inputs. */
  secrets: string[];
  provider: string | undefined;
}

/** A child as a component requested it, with its options. */
export interface Asked {
  type: string;
  name: string;
  opts: pulumi.CustomResourceOptions;
}

/** Collects the options of all resources from then on; Pulumi's mocks do not receive them. */
export function collectOptions(): Asked[] {
  const asked: Asked[] = [];
  pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
    asked.push({ type, name, opts });
    return undefined;
  });
  return asked;
}

interface CollectingOptions {
  project?: string;
  stack?: string;
  preview?: boolean;
  /** Names of resources whose creation takes half a second. All that does not wait for them is registered before them. */
  slow?: string[];
  /** The base images' digests. Default: none, whatever lock a deployment has written to the work tree. */
  images?: LockedImages;
  /** What commands print, by the name of the resource. */
  printed?: Record<string, string>;
}

/** Installs Pulumi's mocks and collects all registered resources from then on. */
export async function collecting(
  config: Record<string, string> = {},
  { project = "mailtracker", stack = "test", preview = false, slow = [], images, printed = {} }: CollectingOptions = {},
): Promise<Registered[]> {
  useLockedImages(images ?? new LockedImages({ folder: "a folder without a lock", known: { byTag: [] } }));
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      async newResource({ type, name, inputs, provider }) {
        if (slow.includes(name)) await new Promise((resolve) => setTimeout(resolve, 500));
        registered.push({
          type,
          name,
          inputs: plain(inputs) as Record<string, unknown>,
          provider,
          secrets: secretsOf(inputs),
        });
        const outputs = {
          ...inputs,
          stdout: printed[name] ?? "",
          stderr: "",
          sha256Digest: "sha256:d1",
          result: `generated-${name}`,
        };
        return { id: `${name}-id`, state: { ...outputs, name: inputs.name ?? `${name}-a1b2c3d` } };
      },
      call: ({ inputs }) => inputs,
    },
    project,
    stack,
    preview,
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`${project}:${key}`, value])),
  );
  return registered;
}

/** The value of an output, after everything it depends on is registered. */
export function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** Key that marks a secret in Pulumi's wire format. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

function isSecret(value: unknown): value is { value: unknown } {
  return typeof value === "object" && value !== null && SIGNATURE in value;
}

function secretsOf(inputs: Record<string, unknown>): string[] {
  return Object.keys(inputs).filter((name) => isSecret(inputs[name]));
}

function plain(value: unknown): unknown {
  if (isSecret(value)) return plain(value.value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** The registered resource with this name. @throws if there is none. */
export function found(registered: Registered[], name: string): Registered {
  const one = registered.find((resource) => resource.name === name);
  if (!one) throw new Error(`no ${name}`);
  return one;
}

/** The registered containers. */
export function containersAmong(registered: Registered[]): Registered[] {
  return registered.filter(({ type }) => type === "docker:index/container:Container");
}

/** Their names, sorted. */
export function namesOf(registered: Registered[]): string[] {
  return registered.map(({ name }) => name).sort();
}
