/** The public surface: what a stack is made of. */

export type { HealthCheck } from "./app/health";
export { Job, type JobArgs } from "./app/job";
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
export { Volume, type VolumeArgs } from "./data/volume";
export type { Users } from "./edge/access";
export type { ByPath } from "./edge/by-path";
export { type Certificate, type OwnCertificateArgs, ownCertificate } from "./edge/certificate";
export { Edge } from "./edge/edge";
export type { EdgeArgs, EdgeSettings } from "./edge/edge-args";
export type { Location } from "./edge/locations";
export { ManagedCertificate, type ManagedCertificateArgs } from "./edge/managed-certificate";
export { type SiteTls, siteCertificate } from "./edge/site-certificate";
export { type IngressRule, isTunnelToken, Tunnel, type TunnelArgs } from "./edge/tunnel";
export { Network, type NetworkArgs } from "./host/network";
export { Registry, type RegistryArgs } from "./host/registry";
export { type Feed, type ScriptArgs, Server, type ServerArgs } from "./host/server";
export type { SshTarget } from "./host/ssh";
export { Release, type ReleaseArgs } from "./release/release";
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
export { readConfig, secret } from "./settings/read";
export type { OwnSettings } from "./settings/validate";
