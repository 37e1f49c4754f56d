import { type Judgement, ok, problem, skipped, warning } from "../check.mts";

const GIB = 1_048_576;

/** A first deployment needs about 3 GiB for Docker, images and the build cache. */
export const disk: Judgement = ({ server }) => {
  if (!server?.disk) return skipped("disk", "unknown");
  const { free, total } = server.disk;
  const found = `${gib(free)} of ${gib(total)} GiB free`;
  const advice =
    "Free disk space or enlarge the disk of /var/lib/docker: a release needs space for its images (docs/operations.md).";
  if (free < 2 * GIB) return problem("disk", found, advice);
  return free < 5 * GIB ? warning("disk", found, advice) : ok("disk", found);
};

export const inodes: Judgement = ({ server }) => {
  if (!server?.inodes) return skipped("inodes", "unknown or unlimited");
  const { free, total } = server.inodes;
  const found = `${free} of ${total} free`;
  const advice =
    "Delete small files, or use a file system with more inodes: df -i /var/lib/docker. Images have tens of thousands of files.";
  if (free < 50_000) return problem("inodes", found, advice);
  return free < 200_000 ? warning("inodes", found, advice) : ok("inodes", found);
};

export const memory: Judgement = ({ server, settings }) => {
  if (!server?.memory) return skipped("memory", "unknown");
  const { total, available } = server.memory;
  const limits = Object.entries(settings.values)
    .filter(([name]) => name.endsWith("MemoryMb"))
    .reduce((sum, [, value]) => sum + Number(value), 0);
  const found = `${gib(available)} of ${gib(total)} GiB free`;
  if (total < 0.45 * GIB)
    return problem(
      "memory",
      found,
      "Use a server with 1 GiB or more: builds and the replicas of two releases side by side do not fit.",
    );
  if (total < 0.9 * GIB)
    return warning(
      "memory",
      found,
      "Builds and the replicas of two releases side by side need more than 1 GiB. Add swap, or build on another machine (registryAddress).",
    );
  if (limits * 1024 > total)
    return warning(
      "memory",
      `${found}; the memory limits add up to ${limits} MiB`,
      "The settings whose names end in MemoryMb exceed the server's memory: lower them, or use a larger server.",
    );
  return ok("memory", found);
};

export const processors: Judgement = ({ server }) => {
  return server && server.processors > 0
    ? ok("processors", String(server.processors))
    : skipped("processors", "unknown");
};

function gib(kibibytes: number): string {
  return (kibibytes / GIB).toFixed(1);
}
