import { Copy, type Dockerfile, DockerfileParser, From, type Instruction, Run } from "dockerfile-ast";
import { type ImageLock, lockedReference } from "../model/image-lock.ts";
import { expanded, globalArguments } from "./dockerfile-args.ts";

/**
 * The base images of a Dockerfile that a lock can pin, as written, in order and without duplicates: those of `FROM`, `COPY --from`,
 * `RUN --mount=from` and `# syntax`. Build arguments and their defaults are filled in. These are none: stages, `scratch`, images by digest,
 * and names with an argument that only the builder knows, such as `$BUILDPLATFORM`.
 *
 * @example
 * baseImages("FROM node:24 AS built\nFROM nginx:alpine\nCOPY --from=built /dist /srv"); // ["node:24", "nginx:alpine"]
 */
export function baseImages(dockerfile: string, buildArgs: Record<string, string> = {}): string[] {
  return [...new Set(mentions(dockerfile, buildArgs).map(({ image }) => image))];
}

/**
 * A Dockerfile whose base images have the digests of the lock; images that the lock lacks stay as they are.
 *
 * Build from this text instead of the file, and put it into the fingerprint of the image instead of the file's content: a new digest in
 * the lock then is a new image, and an image without locked base images keeps its fingerprint. `pinnedDockerfile` does it with the
 * project's lock.
 *
 * @example
 * pinned("ARG POSTGRES\nFROM ${POSTGRES}", readLock(), { POSTGRES: "postgres:16-alpine" });
 * // ARG POSTGRES
 * // FROM postgres:16-alpine@sha256:…
 */
export function pinned(dockerfile: string, lock: ImageLock, buildArgs: Record<string, string> = {}): string {
  // From the last one on, so that the offsets of the others stay valid.
  return mentions(dockerfile, buildArgs).reduceRight((text, { image, from, to }) => {
    const reference = lockedReference(lock, image);
    return reference === undefined ? text : text.slice(0, from) + reference + text.slice(to);
  }, dockerfile);
}

/** A place in a Dockerfile that names an image: a range of offsets in its text. */
interface Mention {
  image: string;
  from: number;
  to: number;
}

interface Position {
  line: number;
  character: number;
}

/** A word of a Dockerfile. */
interface Word {
  value: string | null | undefined;
  range: { start: Position; end: Position } | null;
}

function mentions(text: string, buildArgs: Record<string, string>): Mention[] {
  const dockerfile = DockerfileParser.parse(text);
  const lines = lineStarts(text);
  const offset = ({ line, character }: Position) => (lines[line] ?? 0) + character;
  return [...syntaxOf(dockerfile), ...namesOf(dockerfile, buildArgs)].flatMap(({ value: image, range }) =>
    image && range && image !== "scratch" && !image.includes("@")
      ? [{ image, from: offset(range.start), to: offset(range.end) }]
      : [],
  );
}

/** The image names in all instructions, without names of stages. */
function namesOf(dockerfile: Dockerfile, buildArgs: Record<string, string>): Word[] {
  const values = globalArguments(dockerfile, buildArgs);
  const stages = dockerfile.getFROMs().map((from) => from.getBuildStage()?.toLowerCase());
  const isStage = (name: string) => /^\d+$/.test(name) || stages.includes(name.toLowerCase());
  const earlier = new Set<string | undefined>();
  return dockerfile.getInstructions().flatMap((instruction): Word[] => {
    if (!(instruction instanceof From)) return copiedFrom(instruction).filter(({ value }) => !isStage(value ?? ""));
    const value = expanded(instruction.getImage() ?? "", values);
    // FROM can name an earlier stage only, so `FROM node AS node` names an image.
    const names = earlier.has(value?.toLowerCase()) ? [] : [{ value, range: instruction.getImageRange() }];
    earlier.add(instruction.getBuildStage()?.toLowerCase());
    return names;
  });
}

/** The images or stages from which an instruction copies or mounts files. */
function copiedFrom(instruction: Instruction): Word[] {
  if (!(instruction instanceof Copy || instruction instanceof Run)) return [];
  const flags = instruction.getFlags();
  const sources =
    instruction instanceof Copy
      ? flags.filter((flag) => flag.getName() === "from")
      : flags.filter((flag) => flag.getName() === "mount").map((flag) => flag.getOption("from"));
  return sources.flatMap((from) => (from ? [{ value: from.getValue(), range: from.getValueRange() }] : []));
}

/** The image of the Dockerfile's parser: `# syntax=docker/dockerfile:1`. */
function syntaxOf(dockerfile: Dockerfile): Word[] {
  return dockerfile
    .getDirectives()
    .filter((directive) => directive.getName().toLowerCase() === "syntax")
    .map((directive) => ({ value: directive.getValue(), range: directive.getValueRange() }));
}

/** Offset of each line in a text. */
function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ 0: end, index }) => index + end.length)];
}
