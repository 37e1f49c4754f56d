import { HOST } from "../../model/host-name.ts";
import { Problem } from "../../model/problem.ts";
import { ACCOUNT } from "../../model/ssh-values.ts";

/** The form of an answer, and how to describe it: "It must be …". */
export interface Form {
  flag: string;
  pattern: RegExp;
  description: string;
}

const PORT = /^([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/;

const aPort = { pattern: PORT, description: "a port from 1 to 65535" };
const aHost = { pattern: new RegExp(`^$|${HOST.source}`), description: "a host name or an address" };

export const FORMS = {
  name: {
    flag: "--name",
    pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    description: "a name of lower-case letters, digits and hyphens, e.g. guestbook",
  },
  folder: {
    flag: "--app",
    pattern: /^(?!\/|\.\.?(\/|$))(?!.*\.\.)[\w./-]+$/,
    description:
      "a folder inside the project, e.g. app (not the project's own folder: an image would contain the state)",
  },
  port: { flag: "--port", ...aPort },
  path: { flag: "--health", pattern: /^\/[\w./~%?=&-]*$/, description: "a path, e.g. /health" },
  host: { flag: "--server", ...aHost },
  siteName: { flag: "--site-name", ...aHost },
  serverPort: { flag: "--server-port", ...aPort },
  user: { flag: "--server-user", pattern: ACCOUNT, description: "the name of an account, e.g. ubuntu" },
  tls: { flag: "--tls", pattern: /^(acme|self-signed|off)$/, description: "acme, self-signed or off" },
  yesNo: { flag: "--database", pattern: /^(y|yes|n|no)$/i, description: "yes or no" },
  any: { flag: "", pattern: /^/, description: "any text" },
} satisfies Record<string, Form>;

/** @throws Problem if a flag's value is invalid. */
export function checked({ flag, pattern, description }: Form, value: string): string {
  if (pattern.test(value)) return value;
  throw new Problem(`${flag} must be ${description}; it is ${JSON.stringify(value)}.`, 2);
}
