import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { digestOf } from "../model/image";
import { type ImageLock, LOCK_FILE, lockedNow, lockedReference, readLock, writeLock } from "../model/image-lock";
import { type ProgramImages, programImages } from "../model/program-images";
import { type LookedUp, type LookUp, lookUpNow } from "../remote/registry/look-up";
import { baseImages, pinned } from "./dockerfile";

/** Where the base images of a program get their digests from. */
interface Sources {
  folder: string;
  known: ProgramImages;
  lookUp: (question: LookUp) => LookedUp;
}

/** The base images of a program, with the digests of berth.lock. */
export class LockedImages {
  readonly #sources: Sources;
  #lock: ImageLock;
  readonly #used = new Set<string>();
  /** Images without a digest, with the reason. */
  readonly #missing = new Map<string, string>();
  readonly #added: string[] = [];
  readonly #bases = new Set<string>();
  #unreachable: string[] = [];

  /** @throws pulumi.RunError if the lock is invalid. */
  constructor(sources: Partial<Sources> = {}) {
    this.#sources = { folder: ".", known: programImages(), lookUp: lookUpNow, ...sources };
    try {
      this.#lock = readLock(this.#sources.folder);
    } catch (error) {
      throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
    }
  }

  /** See `pinnedImage`. */
  image(name: string, reference: string): string {
    if (digestOf(reference) !== undefined) return reference;
    this.#use(reference);
    const digest = this.#lock.get(reference)?.digest;
    const keepsTag = this.#sources.known.byTag.some(
      (one) => one.name === name && one.reference === reference && one.digest === digest,
    );
    return keepsTag ? reference : (lockedReference(this.#lock, reference) ?? reference);
  }

  /** See `pinnedDockerfile`. */
  dockerfile(name: string, text: string, buildArgs: Record<string, string>): string {
    for (const image of baseImages(text, buildArgs)) {
      this.#use(image);
      this.#bases.add(`${name} ${lockedReference(this.#lock, image) ?? image}`);
    }
    return pinned(text, this.#lock, buildArgs);
  }

  /** See `basesOfImages`. */
  bases(): string[] {
    return [...this.#bases].sort();
  }

  /** See `reportBaseImages`. */
  report(): void {
    const { list } = this.#sources.known;
    if (list !== undefined) writeFileSync(list, JSON.stringify([...this.#used].sort()));
    if (this.#added.length > 0) pulumi.log.info(`Added to ${LOCK_FILE}: ${this.#added.join(", ")}. Commit it.`);
    if (this.#missing.size === 0) return;
    const missing = [...this.#missing].map(([image, reason]) => (reason === "" ? image : `${image} (${reason})`));
    pulumi.log.warn(
      `${LOCK_FILE} lacks base images, so their tags decide which builds run: ${missing.join(", ")}. To lock them: npx berth update`,
    );
  }

  /** Registers a base image, and adds it to the lock if `berth` wants that. */
  #use(image: string): void {
    if (this.#used.has(image)) return;
    this.#used.add(image);
    if (this.#lock.has(image)) return;
    const { byTag, lookUp } = this.#sources.known;
    const deployed = byTag.find((one) => one.reference === image)?.digest;
    if (deployed !== undefined) this.#add(image, deployed);
    else if (lookUp) this.#lookUp(image, lookUp.routes);
    else this.#missing.set(image, "");
  }

  /** A look-up that fails does not fail the deployment. */
  #lookUp(image: string, routes: LookUp["routes"]): void {
    try {
      const answer = this.#sources.lookUp({ images: [image], routes: { ...routes, unreachable: this.#unreachable } });
      this.#unreachable = answer.unreachable;
      const looked = answer.found[image];
      if (looked && "digest" in looked) this.#add(image, looked.digest);
      else this.#missing.set(image, looked?.detail ?? "no answer");
    } catch (error) {
      this.#missing.set(image, error instanceof Error ? error.message.trim() : String(error));
    }
  }

  #add(image: string, digest: string): void {
    this.#lock = new Map([...this.#lock, [image, lockedNow(digest)]]);
    const { known, folder } = this.#sources;
    if (!known.lookUp?.write) return;
    writeLock(folder, this.#lock);
    this.#added.push(image);
  }
}

let ofProgram: LockedImages | undefined;

function images(): LockedImages {
  ofProgram ??= new LockedImages();
  return ofProgram;
}

/** Uses other base images from then on, for a test. */
export function useLockedImages(other: LockedImages): void {
  ofProgram = other;
}

/**
 * The reference by which a container's image is pulled: with the digest of berth.lock. The tag alone, if the lock lacks the image, or if the
 * stack has this very image by its tag, from before the lock, so that the lock replaces no container.
 *
 * @param name Name of the resource that pulls it.
 */
export function pinnedImage(name: string, reference: string): string {
  return images().image(name, reference);
}

/**
 * A Dockerfile with the digests of berth.lock. See `pinned`; this also adds missing images to the lock in a deployment by `berth`.
 *
 * @param name Name of the image that is built.
 * @example
 * const text = pinnedDockerfile(name, readFileSync(join(context, dockerfile), "utf8"), buildArgs);
 */
export function pinnedDockerfile(name: string, text: string, buildArgs: Record<string, string> = {}): string {
  return images().dockerfile(name, text, buildArgs);
}

/** What the program's images are built from, e.g. `backend python:3.11-slim@sha256:…`, for the plan of a later release. */
export function basesOfImages(): string[] {
  return images().bases();
}

/** Warns of base images without a digest, and lists all for `berth update`. To be called after the last image. */
export function reportBaseImages(): void {
  images().report();
}
