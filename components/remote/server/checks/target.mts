import type { DaemonSettings } from "../../../model/daemon-settings.ts";
import type { PublishedPort } from "../../../model/published-port.ts";
import type { Check } from "../check.mts";
import type { Server } from "../facts.mts";

/** What is to be deployed to a server. */
export interface Target {
  project: string;
  stack: string;
  /** Ports that the stack publishes. */
  ports: PublishedPort[];
  /** Whether the server's engine builds the images. */
  builds: boolean;
  /** Settings that Berth wants for the engine. */
  settings: DaemonSettings;
}

/** Checks one aspect of a server. Undefined if it does not apply. */
export type ServerCheck = (server: Server, target: Target) => Check | undefined;
