import { createHash } from "node:crypto";

/**
 * The fixed users of a server: `default`, which is disabled, `health`, which can only ping, and `operator`, which signs in inside the
 * container. Applications have additional logins.
 * The disabled user `default` has all rights, as Redis replays its append-only file as that user at start, and would skip every
 * transaction and script (measured).
 */
export function fixedUsers(operatorPassword: string): string {
  const hash = createHash("sha256").update(operatorPassword).digest("hex");
  return `user default reset ~* &* +@all
user health on nopass +ping
user operator on #${hash} ~* &* +@all
`;
}

/** Commands for redis-cli that create an application's login, which may also run `commands`. Idempotent. */
export function makeLogin(login: string, password: string, commands: readonly string[] = []): string {
  const allowed = [...ALLOWED, ...commands.map((command) => `+${command}`)].join(" ");
  return `ACL SETUSER ${login} reset on ${word(`>${password}`)} ~* &* ${allowed}\nACL SAVE\n`;
}

/** Commands for redis-cli that create a login that can read the server's statistics, and no data. Idempotent. */
export function makeMonitor(login: string, password: string): string {
  return `ACL SETUSER ${login} reset on ${word(`>${password}`)} ${STATISTICS.join(" ")}\nACL SAVE\n`;
}

/** Errors in additional commands of an application's login, a sentence each. */
export function commandProblems(commands: readonly string[]): string[] {
  return commands.flatMap((command) => {
    if (!/^[a-z]+(\|[a-z-]+)?$/.test(command))
      return [`commands: "${command}" must be a command of Redis in small letters, such as "config|get" or "wait".`];
    const [name = ""] = command.split("|");
    return command === "config" || OPERATORS.includes(command) || OPERATORS.includes(name)
      ? [`commands: "${command}" would let the application take over the server or stop it. Use \`settings\` instead.`]
      : [];
  });
}

/** Quotes a word for redis-cli, which reads one command a line. */
function word(text: string): string {
  const escaped = text.replace(/[\\"]/g, "\\$&");
  return `"${escaped.replace(/\p{Cc}/gu, inHex)}"`;
}

function inHex(character: string): string {
  return Buffer.from(character).toString("hex").replace(/../g, "\\x$&");
}

/**
 * All commands on data, and none on the server or other users. Workers of RQ and BullMQ find each other in the list of clients, which
 * has addresses and names but no data.
 */
const ALLOWED = ["+@all", "-@admin", "-@dangerous", "+info", "+keys", "+sort", "+sort_ro", "+flushdb", "+client|list"];

/** What redis_exporter asks. `SLOWLOG GET` would show the application's data. */
const STATISTICS = ["+ping", "+info", "+client|setname", "+slowlog|len", "+latency|latest", "+latency|histogram"];

/** Commands that change users or the server's configuration, load code, copy the data elsewhere or stop the server. */
const OPERATORS = [
  ...["acl", "config|set", "config|rewrite", "debug", "module", "replicaof", "slaveof", "shutdown"],
  ...["failover", "migrate", "sync", "psync", "monitor", "cluster"],
];
