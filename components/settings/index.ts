/** Declares a project's settings (`berth/settings`). It does not load Pulumi, so that tools can read the declarations. */

export { isTunnelToken } from "../edge/tunnel-token.ts";
export { connectionProblems, type Factors } from "./connections.ts";
export * from "./groups/index.ts";
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
} from "./kinds.ts";
export type { OwnSettings } from "./own.ts";
export { type Declaration, type Default, type Form, type Setting, type Settings, setting } from "./setting.ts";
