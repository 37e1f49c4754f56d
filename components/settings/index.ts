/** What a project's settings are declared with (`berth/settings`). Nothing here loads Pulumi, so that tools can read declarations. */

export { isTunnelToken } from "../edge/tunnel-token.ts";
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
