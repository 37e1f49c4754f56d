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

/** Commands for redis-cli that create an application's login. Idempotent. */
export function makeLogin(login: string, password: string): string {
  return `ACL SETUSER ${login} reset on ${word(`>${password}`)} ~* &* ${ALLOWED.join(" ")}\nACL SAVE\n`;
}

/** Quotes a word for redis-cli, which reads one command a line. */
function word(text: string): string {
  const escaped = text.replace(/[\\"]/g, "\\$&");
  return `"${escaped.replace(/\p{Cc}/gu, inHex)}"`;
}

function inHex(character: string): string {
  return Buffer.from(character).toString("hex").replace(/../g, "\\x$&");
}

/** All commands on data, and none on the server or other users. */
const ALLOWED = ["+@all", "-@admin", "-@dangerous", "+info", "+keys", "+sort", "+sort_ro", "+flushdb"];
