import { readFileSync } from "node:fs";
import { z } from "zod";

/** Environment variable with the path of a `ProgramImages`, which `berth` passes to a program. Plain Pulumi passes none. */
export const PROGRAM_IMAGES = "BERTH_IMAGES";

const Known = z.object({
  /** How to look up images that the lock lacks. Default: not at all; their tags are used. */
  lookUp: z
    .object({
      /** Whether to add them to the lock. A plan does not. */
      write: z.boolean(),
      routes: z.object({
        logins: z.record(z.string(), z.string()).optional(),
        server: z.object({ sshPrefix: z.string(), project: z.string(), stack: z.string() }).optional(),
      }),
    })
    .optional(),
  /**
   * Images that are deployed by their tags, from before the lock: the name of the resource, the reference, and the digest that the engine has
   * for it. As long as the lock has this digest, the containers keep their reference, as another one would replace them.
   */
  byTag: z.array(z.object({ name: z.string(), reference: z.string(), digest: z.string() })).default([]),
  /** File to which the program writes its base images, as a JSON list. Default: none. */
  list: z.string().optional(),
});

/** What `berth` tells a program about base images. */
export type ProgramImages = z.infer<typeof Known>;

/** Reads what `berth` passes to this program; without `berth`, nothing. */
export function programImages(file = process.env[PROGRAM_IMAGES]): ProgramImages {
  return file === undefined || file === "" ? { byTag: [] } : Known.parse(JSON.parse(readFileSync(file, "utf8")));
}
