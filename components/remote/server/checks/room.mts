import { ok, problem, skipped, warning } from "../check.mts";
import type { ServerCheck } from "./target.mts";

const GIB = 1_048_576;

/** A first deployment needs about 3 GiB for Docker, images and the build cache. */
export const disk: ServerCheck = ({ disk }) => {
  if (!disk) return skipped("disk", "unknown");
  const found = `${gib(disk.free)} of ${gib(disk.total)} GiB free`;
  const advice =
    "Free disk space or enlarge the disk of /var/lib/docker: a release needs space for its images (docs/operations.md).";
  if (disk.free < 2 * GIB) return problem("disk", found, advice);
  return disk.free < 5 * GIB ? warning("disk", found, advice) : ok("disk", found);
};

export const inodes: ServerCheck = ({ inodes }) => {
  if (!inodes) return skipped("inodes", "unknown or unlimited");
  const found = `${inodes.free} of ${inodes.total} free`;
  const advice =
    "Delete small files, or use a file system with more inodes: df -i /var/lib/docker. Images have tens of thousands of files.";
  if (inodes.free < 50_000) return problem("inodes", found, advice);
  return inodes.free < 200_000 ? warning("inodes", found, advice) : ok("inodes", found);
};

export const memory: ServerCheck = ({ memory }) => {
  if (!memory) return skipped("memory", "unknown");
  const found = `${gib(memory.available)} of ${gib(memory.total)} GiB free`;
  if (memory.total < 0.45 * GIB)
    return problem(
      "memory",
      found,
      "Use a server with 1 GiB or more: builds and the replicas of two releases side by side do not fit.",
    );
  if (memory.total < 0.9 * GIB)
    return warning(
      "memory",
      found,
      "Builds and the replicas of two releases side by side need more than 1 GiB. Add swap, or build on another machine (registryAddress).",
    );
  return ok("memory", found);
};

function gib(kibibytes: number): string {
  return (kibibytes / GIB).toFixed(1);
}
