import { type StackId, scopedNameOf, stackNameOf } from "./names.ts";

/** A path component of an image name, as Docker and registries define it. */
const IMAGE_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const IMAGE_RULE = "Docker allows lower-case letters, digits and single . _ - between them in image names";

/** A name of a container, network or volume, as Docker defines it. */
const OBJECT_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** Maximum length of an image name without its tag. */
const IMAGE_LENGTH = 255;
/** Maximum length of a folder name, which a volume's name is on the server. */
const VOLUME_LENGTH = 255;
/** Other containers find a container by its name, a DNS label of at most 63 characters, which ends in `-1a2b3c4`. */
const CONTAINER_LENGTH = 63 - "-1a2b3c4".length;

/** Errors in the names of project and stack, a sentence each. Every image name contains both. */
export function stackProblems(id: StackId): string[] {
  const wrong = (["project", "stack"] as const).filter((kind) => !IMAGE_COMPONENT.test(id[kind]));
  if (wrong.length > 0) {
    return wrong.map(
      (kind) => `The name of the ${kind}, "${id[kind]}", cannot be used: ${IMAGE_RULE}. ${RENAME[kind]}`,
    );
  }
  return imageLengthProblems(`${stackNameOf(id)}/release`);
}

const RENAME = {
  project: "Change `name` in Pulumi.yaml, and the prefix of the settings in the stack's file.",
  stack: "Use another name: pulumi stack init <name>, and rename the stack's file Pulumi.<name>.yaml.",
};

/** Errors in the name of an image that the stack builds, a sentence each. `repository` is its full name on the engine. */
export function imageProblems(name: string, repository: string): string[] {
  if (!IMAGE_COMPONENT.test(name)) return [`The name of the image "${name}" cannot be used: ${IMAGE_RULE}.`];
  return imageLengthProblems(repository);
}

function imageLengthProblems(name: string): string[] {
  if (name.length <= IMAGE_LENGTH) return [];
  return [
    `The image name ${name} has ${name.length} characters, and Docker allows ${IMAGE_LENGTH}. Use shorter names for project, stack or image.`,
  ];
}

/** Errors in the name of a network, a sentence each. */
export function networkProblems(name: string): string[] {
  return objectProblems("network", name, name, VOLUME_LENGTH);
}

/** Errors in the name of a volume, a sentence each. */
export function volumeProblems(id: StackId, name: string): string[] {
  return objectProblems("volume", name, scopedNameOf(id, name), VOLUME_LENGTH);
}

/** Errors in the name of a container or of the service it belongs to, a sentence each. */
export function containerProblems(name: string): string[] {
  return objectProblems("container", name, name, CONTAINER_LENGTH);
}

function objectProblems(kind: string, name: string, onServer: string, most: number): string[] {
  if (!OBJECT_NAME.test(name)) {
    return [
      `The name of the ${kind} "${name}" cannot be used: Docker allows letters, digits and . _ - in it, and it must begin with a letter or digit.`,
    ];
  }
  if (onServer.length <= most) return [];
  return [`The name of the ${kind} "${onServer}" has ${onServer.length} characters. Use at most ${most}.`];
}
