import { registryProblems } from "../../../model/registry.ts";
import { type Judgement, ok, problem, skipped } from "../check.mts";

/** Architectures as Node.js and as the kernel names them. */
const MACHINES: Record<string, string> = { x64: "x86_64", arm64: "aarch64" };

export const registry: Judgement = ({ registry, settings, stack }) => {
  if (!registry) return skipped("registry", "the server builds the images (no registryAddress)");
  const { address, result, detail } = registry;
  const found = `${address}: ${detail || result}`;
  const [wrong] = registryProblems(address);
  if (wrong !== undefined) return problem("registry", `${address} requires an owner in image names`, `${wrong}.`);
  const missing = ["registryUsername"].filter((name) => !settings.values[name]);
  if (!settings.secrets.includes("registryPassword")) missing.push("--secret registryPassword");
  if (missing.length > 0)
    return problem(
      "registry",
      found,
      `Set: ${missing.map((name) => `pulumi config set ${name} … --stack ${stack}`).join("; ")}`,
    );
  if (result === "signed in") return ok("registry", `${address}: signed in${detail ? ` ${detail}` : ""}`);
  if (result === "unknown") return skipped("registry", found);
  if (result === "refused")
    return problem(
      "registry",
      `${found}; the registry refuses ${settings.values["registryUsername"]}`,
      `Set the correct password or token: pulumi config set --secret registryPassword --stack ${stack}`,
    );
  return problem(
    "registry",
    found,
    "Check registryAddress, and that this machine and the server trust its certificate: for a private CA, /etc/docker/certs.d/<registry>/ca.crt.",
  );
};

export const architecture: Judgement = ({ registry, workstation, server, connection }) => {
  if (!registry || !server || connection.kind !== "connected") return undefined;
  const local = MACHINES[workstation.architecture] ?? workstation.architecture;
  if (local === server.machine) return ok("architecture", local);
  return problem(
    "architecture",
    `this machine is ${local}, the server is ${server.machine}`,
    "The server cannot run images that this machine builds (exec format error). Build on a machine with the server's architecture, or unset registryAddress to build on the server.",
  );
};

/** With a registry, this machine's engine builds the images. */
export const builder: Judgement = ({ registry, builder }) => {
  if (!registry) return undefined;
  const docker = builder?.docker;
  if (docker?.version) return ok("Docker for builds", `${docker.version}, on this machine`);
  return problem(
    "Docker for builds",
    docker?.error || "not installed on this machine",
    "This machine builds images for a registry: install and start Docker, or unset registryAddress to build on the server.",
  );
};
