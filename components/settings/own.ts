import type { RawSettings } from "./kinds.ts";
import type { Settings } from "./setting.ts";

/** The settings a project declares in addition to the standard settings. */
export interface OwnSettings<Own extends Settings = Settings> {
  /** Settings by name. */
  settings: Own;
  /** Checks several settings together: a sentence for each error, with what to set instead. Default: no check. */
  check?: (raw: RawSettings) => string[];
}
