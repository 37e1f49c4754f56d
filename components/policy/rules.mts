import { isJob } from "../model/container.ts";
import { secretIn } from "../model/secrets.ts";
import { type Container, isOfEdge } from "./container.mts";

/** What a rule knows of the stack beside the container. */
export interface Stack {
  /** Whether it stands on a server, and not on the machine it is developed on. */
  onServer: boolean;
  /** Secret settings, where they are known. */
  secrets: readonly string[];
}

/** A rule for containers. */
export interface Rule {
  /** By which an exception names it. */
  name: string;
  description: string;
  /** What is wrong, in words for whoever reads the plan; empty where all is well or not known yet. */
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
    description: "Only the edge publishes ports, but for the server's own loopback address.",
    problems: (container) =>
      (isOfEdge(container) ? [] : (container.ports ?? []))
        .filter(({ ip }) => !LOOPBACK.includes(ip ?? ""))
        .map(
          ({ ip, external }) =>
            `publishes port ${ip || "0.0.0.0"}:${external ?? "any"}, past the edge and the server's firewall`,
        ),
  },
  {
    name: "privileged",
    description: "No container has the rights of the server.",
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
        ? ["may command the server's Docker"]
        : []),
    ],
  },
  {
    name: "health-check",
    description: "Every service says whether it is well.",
    problems: (container) => {
      // The edge's sandbox only sleeps.
      if (isJob(container) || (isOfEdge(container) && container.ports !== undefined)) return [];
      const [kind] = container.healthcheck?.tests ?? [];
      return kind === undefined || kind === "NONE" ? ["has no health check"] : [];
    },
  },
  {
    name: "limits",
    description: "Every container may take only so much memory and so many processors.",
    problems: ({ memory, cpus }) => [
      ...((memory ?? 0) > 0 ? [] : ["has no limit of memory"]),
      ...(Number(cpus ?? 0) > 0 ? [] : ["has no limit of processors"]),
    ],
  },
  {
    name: "log-rotation",
    description: "No log grows without end.",
    problems: ({ logDriver = "json-file", logOpts = {} }) =>
      (ROTATING[logDriver]?.(logOpts) ?? true) ? [] : [`keeps its log (${logDriver}) without max-size and max-file`],
  },
  {
    name: "secret-in-environment",
    description: "Secrets reach containers as files: everybody who may ask Docker reads the environment.",
    problems: ({ envs = [] }, { secrets }) =>
      envs
        .map((variable) => secretIn(variable, secrets))
        .filter((problem) => problem !== undefined)
        .map((problem) => `has a secret in its environment: ${problem}. Hand it over as a file (files)`),
  },
  {
    name: "image-pinned",
    description: "On a server, an image is named by its digest, or by the hash of what it was built from.",
    problems: ({ image }, { onServer }) =>
      !onServer || image === undefined || /@sha256:[0-9a-f]{64}$|:[0-9a-f]{12}$/.test(image)
        ? []
        : [`runs ${image}, which may be another image tomorrow. Name its digest (@sha256:…)`],
  },
];
