import { type StackId, stackNameOf } from "./names.ts";

/** Driver and options of a container's log, in the form of Pulumi's Docker provider. */
export interface LogDriver {
  logDriver: string;
  logOpts: Record<string, string>;
}

/** The engine's own files, which it deletes with the container. */
export const ENGINE_LOGS: LogDriver = { logDriver: "json-file", logOpts: { "max-size": "10m", "max-file": "3" } };

/** The namespace of journald with a stack's logs. Each namespace has its own files and limits. */
export function journalOf(id: StackId): string {
  return `berth-${stackNameOf(id)}`;
}

/**
 * Sends a container's log to a namespace of journald. It uses Docker's driver syslog, as the driver journald knows the server's own journal
 * only. The engine keeps a copy of the last lines for `docker logs`. A journal that does not answer drops lines instead of blocking the
 * application. The entry's identifier is `<service>/<container>`.
 */
export function journalDriver(journal: string, service: string): LogDriver {
  return {
    logDriver: "syslog",
    logOpts: {
      "cache-max-file": "3",
      "cache-max-size": "10m",
      "max-buffer-size": "4m",
      mode: "non-blocking",
      "syslog-address": `unixgram://${socketOf(journal)}`,
      tag: `${service}/{{.Name}}`,
    },
  };
}

/** Where the journal of a namespace takes syslog messages. */
export function socketOf(journal: string): string {
  return `/run/systemd/journal.${journal}/dev-log`;
}

/** Maximum length of a Unix socket's path, without its end. */
const SOCKET_LENGTH = 107;

/** Errors in the names of a stack whose logs are kept in a journal, a sentence each. */
export function journalProblems(id: StackId): string[] {
  const most = SOCKET_LENGTH - socketOf("berth-").length;
  const name = stackNameOf(id);
  return name.length <= most
    ? []
    : [
        `The stack's name "${name}" has ${name.length} characters, and a journal's name can have ${most}. Use shorter names, or set logsMaxSizeMb to 0.`,
      ];
}
