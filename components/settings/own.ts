import type { RawSettings } from "./kinds.ts";
import type { Settings } from "./setting.ts";

/** The settings a project has beside those of every stack. */
export interface OwnSettings<Own extends Settings = Settings> {
  /** Each by its name. */
  settings: Own;
  /** Mistakes that concern several settings, a sentence each with what to set instead. Default: none. */
  check?: (raw: RawSettings) => string[];
}
