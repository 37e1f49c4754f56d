import { isJob } from "../model/container.ts";
import { LOCK_FILE } from "../model/image-lock.ts";
import { secretIn } from "../model/secrets.ts";
import { type Container, isOfEdge } from "./container.mts";

/** Facts about the stack that rules use. */
export interface Stack {
  /** Whether the stack is deployed to a server, not to this machine. */
  onServer: boolean;
  /** Values of the secret settings. */
  secrets: readonly string[];
  /** Base images in berth.lock, by their references. */
  locked: ReadonlySet<string>;
}

/** A rule for containers. */
export interface Rule {
  /** Name of the rule, as in `policyExceptions`. */
  name: string;
  description: string;
  /** One text for each violation, to follow the resource's name; empty if there is none or the values are not known yet. */
  problems: (container: Container, stack: Stack) => string[];
}

const LOOPBACK = ["127.0.0.1", "::1"];
const ROTATING: Record<string, (options: Record<string, string>) => boolean> = {
  "json-file": (options) => options["max-size"] !== undefined && options["max-file"] !== undefined,
  local: () => true,
  none: () => true,
};

export const RULES: Rule[] = [
  {
    name: "port-outside-edge",
    description: "Only the edge publishes ports, except on the server's loopback address.",
    problems: (container) =>
      (isOfEdge(container) ? [] : (container.ports ?? []))
        .filter(({ ip }) => !LOOPBACK.includes(ip ?? ""))
        .map(
          ({ ip, external }) =>
            `publishes port ${ip || "0.0.0.0"}:${external ?? "any"}, bypassing the edge and the server's firewall`,
        ),
  },
  {
    name: "privileged",
    description: "No container has root's rights on the server.",
    problems: ({ privileged, capabilities, networkMode, pidMode, mounts, volumes }) => [
      ...(privileged ? ["is privileged"] : []),
      ...(capabilities?.adds ?? [])
        .filter((name) => /^(CAP_)?(ALL|SYS_ADMIN)$/.test(name))
        .map((name) => `has the capability ${name}`),
      ...(networkMode === "host" ? ["shares the server's network"] : []),
      ...(pidMode === "host" ? ["sees the server's processes"] : []),
      ...([...(mounts ?? []).map(({ source }) => source), ...(volumes ?? []).map(({ hostPath }) => hostPath)].some(
        (path) => path?.endsWith("docker.sock"),
      )
        ? ["controls the server's Docker engine"]
        : []),
    ],
  },
  {
    name: "health-check",
    description: "Every service has a health check.",
    problems: (container) => {
      // The edge's sandbox only sleeps.
      if (isJob(container) || (isOfEdge(container) && container.ports !== undefined)) return [];
      const [kind] = container.healthcheck?.tests ?? [];
      return kind === undefined || kind === "NONE" ? ["has no health check"] : [];
    },
  },
  {
    name: "limits",
    description: "Every container has a memory and a CPU limit.",
    problems: ({ memory, cpus }) => [
      ...((memory ?? 0) > 0 ? [] : ["has no memory limit"]),
      ...(Number(cpus ?? 0) > 0 ? [] : ["has no CPU limit"]),
    ],
  },
  {
    name: "log-rotation",
    description: "Logs are rotated.",
    problems: ({ logDriver = "json-file", logOpts = {} }) =>
      (ROTATING[logDriver]?.(logOpts) ?? true) ? [] : [`logs (${logDriver}) without max-size and max-file`],
  },
  {
    name: "secret-in-environment",
    description: "Secrets are passed to containers as files: every user of Docker can read the environment.",
    problems: ({ envs = [] }, { secrets }) =>
      envs
        .map((variable) => secretIn(variable, secrets))
        .filter((problem) => problem !== undefined)
        .map((problem) => `has a secret in its environment: ${problem}. Pass it as a file (files)`),
  },
  {
    name: "image-pinned",
    description: "On a server, images are pinned to a digest or to the hash of their sources.",
    // A container from before the lock keeps its tag as long as the server has the locked digest for it.
    problems: ({ image }, { onServer, locked }) =>
      !onServer || image === undefined || locked.has(image) || /@sha256:[0-9a-f]{64}$|:[0-9a-f]{12}$/.test(image)
        ? []
        : [
            `runs ${image}, whose tag can move to another image. Lock its digest (npx berth update), and commit ${LOCK_FILE}`,
          ],
  },
];
