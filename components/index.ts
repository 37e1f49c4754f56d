/** The public surface: what a stack is made of. */

export type { HealthCheck } from "./app/health";
export { type BackupBefore, Job, type JobArgs } from "./app/job";
export type { Limits } from "./app/limits";
export { WebService, type WebServiceArgs } from "./app/web-service";
export { Worker, type WorkerArgs } from "./app/worker";
export { filesHash, filesOf } from "./build/context";
export { Image, type ImageArgs } from "./build/image";
export { Adminer, type AdminerArgs } from "./data/adminer";
export { Backups, type BackupsArgs, type S3 } from "./data/backups";
export { Postgres, type PostgresArgs, type Reader } from "./data/postgres";
export { Redis, type RedisArgs } from "./data/redis";
export { RedisCommander, type RedisCommanderArgs } from "./data/redis-commander";
export type { EvictionPolicy } from "./data/redis-conf";
export { type Certificate, type OwnCertificateArgs, ownCertificate } from "./edge/certificate";
export { Edge, type EdgeArgs } from "./edge/edge";
export { ManagedCertificate, type ManagedCertificateArgs } from "./edge/managed-certificate";
export { type SiteTls, siteCertificate } from "./edge/site-certificate";
export { type IngressRule, isTunnelToken, Tunnel, type TunnelArgs } from "./edge/tunnel";
export { Network, type NetworkArgs } from "./host/network";
export type { Registry } from "./host/registry";
export type { InStack } from "./host/scope";
export type { Feed, ScriptArgs, Server } from "./host/server";
export type { SshInputs, SshTarget } from "./host/ssh";
export { Volume, type VolumeArgs } from "./host/volume";
export { Secret, type SecretArgs } from "./secret";
export {
  cpus,
  flag,
  list,
  memory,
  number,
  optional,
  optionalSecret,
  origins,
  pids,
  port,
  type RawSettings,
  toolPort,
} from "./settings/kinds";
export { secret } from "./settings/read";
export type { OwnSettings } from "./settings/validate";
export { type Config, type Stack, type StackOptions, stack } from "./stack/stack";
