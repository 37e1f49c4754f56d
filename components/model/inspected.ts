import { z } from "zod";
import { isJob } from "./container.ts";
import { labelIn } from "./labels.ts";

// The output of `docker inspect`: the fields that Berth reads. Docker leaves out or prints as null what is empty.

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const number = z.number().default(0);
const flag = z.boolean().default(false);
const texts = z.array(z.string()).nullish();
const record = z.record(z.string(), z.string()).nullish();

/** The configuration of a container, or the default configuration in its image. */
const ImageConfig = z.object({
  Env: texts,
  Cmd: texts,
  Entrypoint: texts,
  Labels: record,
  User: text,
  StopSignal: z.string().optional(),
  Volumes: z.record(z.string(), z.unknown()).nullish(),
  Healthcheck: z
    .object({ Test: texts, Interval: number, Timeout: number, StartPeriod: number, Retries: number })
    .nullish(),
});
export type ImageConfig = z.infer<typeof ImageConfig>;

const State = z.object({
  Status: z.string(),
  ExitCode: number,
  OOMKilled: flag,
  StartedAt: text,
  FinishedAt: text,
  Health: z.object({ Status: z.string(), Log: z.array(z.object({ Output: text })).nullish() }).nullish(),
});

const HostConfig = z.object({
  Memory: number,
  MemorySwap: number,
  NanoCpus: number,
  PidsLimit: z.number().nullish(),
  RestartPolicy: z.object({ Name: text }),
  NetworkMode: text,
  ReadonlyRootfs: flag,
  Privileged: flag,
  Init: z.boolean().nullish(),
  CapAdd: texts,
  CapDrop: texts,
  SecurityOpt: texts,
  Tmpfs: record,
  Sysctls: record,
  ShmSize: number,
  LogConfig: z.object({ Type: text, Config: record }).prefault({}),
  PortBindings: z.record(z.string(), z.array(z.object({ HostIp: text, HostPort: text })).nullable()).nullish(),
});

const Mount = z.object({ Type: text, Name: z.string().optional(), Source: text, Destination: z.string(), RW: flag });

const Container = z.object({
  Id: z.string(),
  Name: z.string(),
  Image: z.string(),
  RestartCount: number,
  State,
  Config: ImageConfig.extend({ Image: z.string() }),
  HostConfig,
  Mounts: z.array(Mount),
  NetworkSettings: z.object({ Networks: z.record(z.string(), z.object({ Aliases: texts })).nullish() }),
});
export type Inspected = z.infer<typeof Container>;

const Network = z.object({ Id: z.string(), Name: z.string(), Driver: z.string(), Internal: flag, Labels: record });
export type Network = z.infer<typeof Network>;

const Volume = z.object({ Name: z.string(), Driver: z.string(), Labels: record });
export type Volume = z.infer<typeof Volume>;

const Image = z.object({ Id: z.string(), RepoTags: texts, RepoDigests: texts, Config: ImageConfig.nullish() });
export type Image = z.infer<typeof Image>;

/** A service of a Swarm. */
const SwarmService = z.object({
  ID: z.string(),
  Spec: z.object({
    Labels: record,
    Mode: z.object({ Replicated: z.object({ Replicas: number }).optional() }),
    TaskTemplate: z.object({
      ContainerSpec: z.object({
        Image: z.string(),
        Args: texts,
        Env: texts,
        User: text,
        ReadOnly: flag,
        CapabilityAdd: texts,
        CapabilityDrop: texts,
        Labels: record,
        Mounts: z.array(z.object({ Type: text, Target: z.string() })).nullish(),
        Healthcheck: ImageConfig.shape.Healthcheck,
        StopGracePeriod: number,
        Secrets: z.array(z.object({ SecretID: z.string(), File: z.object({ Name: z.string() }) })).nullish(),
      }),
      Resources: z.object({ Limits: z.object({ MemoryBytes: number, NanoCPUs: number }).optional() }).nullish(),
      Placement: z.object({ Constraints: texts }).nullish(),
      Networks: z.array(z.object({ Target: z.string(), Aliases: texts })).nullish(),
      LogDriver: z.object({ Name: text, Options: record }).nullish(),
    }),
  }),
});
export type SwarmService = z.infer<typeof SwarmService>;

/** Parsers of one object as `docker inspect --format '{{json .}}'` prints it. @throws ZodError if it is none. */
export const inspected = {
  container: (json: string) => Container.parse(JSON.parse(json)),
  network: (json: string) => Network.parse(JSON.parse(json)),
  volume: (json: string) => Volume.parse(JSON.parse(json)),
  image: (json: string) => Image.parse(JSON.parse(json)),
  service: (json: string) => SwarmService.parse(JSON.parse(json)),
};

/** Name of a container, without the leading slash of `docker inspect`. */
export function nameOf({ Name }: { Name: string }): string {
  return Name.replace(/^\//, "");
}

/**
 * Whether a release has left the container of a scheduled job to complete its run (`onRelease: "leave"`). Pulumi no longer knows it, and the
 * engine does not restart it.
 */
export function isLeftToComplete({ Config, HostConfig: { RestartPolicy } }: Inspected): boolean {
  return labelIn(Config.Labels, "cron") !== undefined && isJob({ restart: RestartPolicy.Name });
}

/** Whether a container is as expected: a service running or restarting, a job exited with code 0. */
export function isAsExpected({ State: { Status, ExitCode }, HostConfig: { RestartPolicy } }: Inspected): boolean {
  if (Status === "exited") return isJob({ restart: RestartPolicy.Name }) && ExitCode === 0;
  return ["running", "restarting"].includes(Status);
}

/** Whether a container is one of a Swarm service. Swarm creates, restarts and removes it, and keeps some stopped ones. */
export function isTask({ Config }: Pick<Inspected, "Config">): boolean {
  return Config.Labels?.["com.docker.swarm.task.id"] !== undefined;
}
