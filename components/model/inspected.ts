/** What `docker inspect` says, as far as it is compared. */
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

/** What an image says of the containers made from it, and a container of itself. */
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

/** Its name, which Docker shows with a slash before it. */
export function nameOf({ Name }: { Name: string }): string {
  return Name.replace(/^\//, "");
}
