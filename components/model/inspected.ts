/** The fields of `docker inspect` that Berth compares. */
export interface Inspected {
  Id: string;
  Name: string;
  State: { Status: string; ExitCode: number };
  Config: ImageConfig & { Image: string };
  Image: string;
  HostConfig: {
    Memory: number;
    MemorySwap: number;
    NanoCpus: number;
    PidsLimit: number | null;
    RestartPolicy: { Name: string };
    NetworkMode: string;
    ReadonlyRootfs: boolean;
    Privileged: boolean;
    Init?: boolean | null;
    CapAdd: string[] | null;
    CapDrop: string[] | null;
    SecurityOpt: string[] | null;
    Tmpfs?: Record<string, string> | null;
    Sysctls?: Record<string, string> | null;
    ShmSize: number;
    LogConfig: { Type: string; Config: Record<string, string> | null };
    PortBindings: Record<string, { HostIp: string; HostPort: string }[] | null> | null;
  };
  Mounts: { Type: string; Name?: string; Source: string; Destination: string; RW: boolean }[];
  NetworkSettings: { Networks: Record<string, { Aliases: string[] | null }> | null };
}

/** The configuration of a container, or the default configuration in its image. */
export interface ImageConfig {
  Env: string[] | null;
  Cmd: string[] | null;
  Entrypoint: string[] | null;
  Labels: Record<string, string> | null;
  User: string;
  StopSignal?: string;
  Volumes?: Record<string, unknown> | null;
  Healthcheck?: { Test?: string[]; Interval?: number; Timeout?: number; StartPeriod?: number; Retries?: number } | null;
}

/** Name of a container, without the leading slash of `docker inspect`. */
export function nameOf({ Name }: { Name: string }): string {
  return Name.replace(/^\//, "");
}
