import { type Judgement, ok, problem, skipped, warning } from "../check.mts";

const GIB = 1_048_576;

/** A first deployment takes Docker, images and what builds keep: about 3 GiB. */
export const disk: Judgement = ({ server }) => {
  if (!server?.disk) return skipped("disk", "not known");
  const { free, all } = server.disk;
  const found = `${gib(free)} of ${gib(all)} GiB free`;
  const advice =
    "Free space or enlarge the disk under /var/lib/docker: a release needs room for its images (docs/operations.md).";
  if (free < 2 * GIB) return problem("disk", found, advice);
  return free < 5 * GIB ? warning("disk", found, advice) : ok("disk", found);
};

export const inodes: Judgement = ({ server }) => {
  if (!server?.inodes) return skipped("inodes", "not known, or not limited");
  const { free, all } = server.inodes;
  const found = `${free} of ${all} free`;
  const advice =
    "Delete small files, or use a file system with more inodes: df -i /var/lib/docker. Images have tens of thousands of files.";
  if (free < 50_000) return problem("inodes", found, advice);
  return free < 200_000 ? warning("inodes", found, advice) : ok("inodes", found);
};

export const memory: Judgement = ({ server, settings }) => {
  if (!server?.memory) return skipped("memory", "not known");
  const { all, available } = server.memory;
  const limits = Object.entries(settings.values)
    .filter(([name]) => name.endsWith("MemoryMb"))
    .reduce((sum, [, value]) => sum + Number(value), 0);
  const found = `${gib(available)} of ${gib(all)} GiB free`;
  if (all < 0.45 * GIB)
    return problem(
      "memory",
      found,
      "Use a server with 1 GiB or more: builds and a release, in which old and new run side by side, do not fit.",
    );
  if (all < 0.9 * GIB)
    return warning(
      "memory",
      found,
      "Builds and a release, in which old and new run side by side, are tight below 1 GiB. Add swap, or build elsewhere (registryAddress).",
    );
  if (limits * 1024 > all)
    return warning(
      "memory",
      `${found}; containers may take ${limits} MiB`,
      "The limits of the settings that end in MemoryMb are more than the server has: lower them, or take a larger server.",
    );
  return ok("memory", found);
};

/** nginx starts a process for each processor, and its limit counts them. */
export const processors: Judgement = ({ server, settings, stack }) => {
  if (!server || !(server.processors > 0)) return skipped("processors", "not known");
  const limit = Number(settings.values["edgePids"]);
  const found = String(server.processors);
  if (server.processors + 10 <= limit) return ok("processors", found);
  return problem(
    "processors",
    `${found}, and edgePids is ${limit}`,
    `nginx starts a process for each: pulumi config set edgePids ${server.processors + 30} --stack ${stack}`,
  );
};

function gib(kibibytes: number): string {
  return (kibibytes / GIB).toFixed(1);
}
