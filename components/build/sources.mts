// Sends the sources of an image to its builder. image.ts runs it with this machine's Node.js.
import { Readable, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { Pack } from "tar";
import { Problem } from "../model/problem.ts";
import { splitOutput } from "../remote/output.mts";
import type { BuildInput } from "./build-input.ts";
import { contextContent, contextHash } from "./context.ts";
import { imageMode, listingHash, listingOf } from "./listing.ts";
import { withoutCache } from "./no-cache.ts";
import { privateFiles } from "./private-files.ts";

/** The builder has the image already. */
const PRESENT = "present";

/** Reads the builder's listing, an empty line and a `BuildInput` from standard input, and prints what build.sh reads. */
export async function sources(): Promise<void> {
  try {
    await sendSources(await text(process.stdin), process.stdout);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = error.exitCode;
  }
}

/** Prints `present`, or a line for build.sh and then an archive with what is missing or different on the builder. */
export async function sendSources(input: string, output: Writable): Promise<void> {
  const lines = splitOutput(input).output.split("\n");
  const end = lines.indexOf("");
  const known = lines.slice(0, end);
  if (known[0] === PRESENT) return pipeline(Readable.from([`${PRESENT}\n`]), output);
  const build: BuildInput = JSON.parse(lines.slice(end + 1).join("\n"));
  if (contextHash(build) !== build.hash) {
    throw new Problem(`The files in ${build.context} have changed since this deployment began. Deploy again.`);
  }
  await pipeline(Readable.from(answerTo(build, known)), output);
}

async function* answerTo(build: BuildInput, known: string[]): AsyncGenerator<string | Buffer> {
  const { files, folders } = contextContent(build);
  const listing = listingOf(build.context, files);
  const paths = new Set(listing.values());
  const removed = known.map((line) => line.replace(/^\S+ \S+ /, "")).filter((path) => !paths.has(path));
  const words = [linesOf(removed), build.text, linesOf(privateFiles(build))];
  // An empty word would be lost.
  const encoded = words.map((word) => Buffer.from(word).toString("base64") || "-");
  // Not in the step's arguments, whose change would run it again.
  const cache = withoutCache() ? "no-cache" : "cache";
  yield `build ${cache} ${listingHash(listing)} ${encoded.join(" ")}\n`;
  const same = new Set(known.flatMap((line) => listing.get(line) ?? []));
  yield* archive(build.context, [...folders, ...files.filter((file) => !same.has(file))]);
}

function linesOf(lines: string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function archive(context: string, paths: string[]): AsyncIterable<Buffer> {
  const pack = new Pack({
    cwd: context,
    gzip: true,
    // Omits the owners of files.
    portable: true,
    noDirRecurse: true,
    onWriteEntry: ({ stat, type }) => {
      if (stat) stat.mode = type === "Directory" ? 0o755 : imageMode(stat.mode);
    },
  });
  for (const path of paths) pack.add(path);
  pack.end();
  return pack;
}
