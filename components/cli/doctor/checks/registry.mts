import { type Judgement, ok, problem, skipped } from "../check.mts";

/** Registries where the first part of an image's name is an owner. */
const WITH_OWNER =
  /^(ghcr\.io|docker\.io|quay\.io|codeberg\.org|registry\.(gitlab|digitalocean)\.com|.+-docker\.pkg\.dev|rg\..+\.scw\.cloud)$/;

/** Architectures as Node.js and as the kernel names them. */
const MACHINES: Record<string, string> = { x64: "x86_64", arm64: "aarch64" };

export const registry: Judgement = ({ registry, settings, stack }) => {
  if (!registry) return skipped("registry", "images are built where they run (no registryAddress)");
  const { address, result, said } = registry;
  const found = `${address}: ${said || result}`;
  if (!address.includes("/") && WITH_OWNER.test(address)) {
    return problem(
      "registry",
      `${address} wants an owner in the names of images`,
      `Name it: pulumi config set registryAddress ${address}/<owner> --stack ${stack}`,
    );
  }
  const missing = ["registryUsername"].filter((name) => !settings.values[name]);
  if (!settings.secrets.includes("registryPassword")) missing.push("--secret registryPassword");
  if (missing.length > 0)
    return problem(
      "registry",
      found,
      `Set: ${missing.map((name) => `pulumi config set ${name} … --stack ${stack}`).join("; ")}`,
    );
  if (result === "signed in") return ok("registry", `${address}: signed in${said ? ` ${said}` : ""}`);
  if (result === "unknown") return skipped("registry", found);
  if (result === "refused")
    return problem(
      "registry",
      `${found}; it refuses ${settings.values["registryUsername"]}`,
      `Set the right password or token: pulumi config set --secret registryPassword --stack ${stack}`,
    );
  return problem(
    "registry",
    found,
    "Check registryAddress, and that its certificate is known here: a registry of your own has it in /etc/docker/certs.d/<registry>/ca.crt, on the server too.",
  );
};

export const architecture: Judgement = ({ registry, workstation, server, connection }) => {
  if (!registry || !server || connection.kind !== "connected") return undefined;
  const here = MACHINES[workstation.architecture] ?? workstation.architecture;
  if (here === server.machine) return ok("architecture", here);
  return problem(
    "architecture",
    `this machine is ${here}, the server ${server.machine}`,
    "Images built here do not run there (exec format error): build on a machine of the server's kind, or without registryAddress on the server.",
  );
};

/** Images are built on this machine's engine. */
export const builder: Judgement = ({ registry, builder }) => {
  if (!registry) return undefined;
  const docker = builder?.docker;
  if (docker?.version) return ok("Docker for builds", `${docker.version}, on this machine`);
  return problem(
    "Docker for builds",
    docker?.refuses || "not installed on this machine",
    "Images for a registry are built here: install and start Docker, or build on the server without registryAddress.",
  );
};
