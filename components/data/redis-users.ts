import { createHash } from "node:crypto";

/**
 * The users a server always has: nobody without a name, one who may only ask whether it is there, and the operator, who
 * signs in inside the container. Logins of applications come beside them.
 * The user without a name is off, and yet may do everything: when it starts, Redis reads its log as that user, and would
 * leave out every transaction and script (measured).
 */
export function fixedUsers(operatorPassword: string): string {
  const hash = createHash("sha256").update(operatorPassword).digest("hex");
  return `user default reset ~* &* +@all
user health on nopass +ping
user operator on #${hash} ~* &* +@all
`;
}

/** Commands for redis-cli that make a login for an application; running them again does no harm. */
export function makeLogin(login: string, password: string): string {
  return `ACL SETUSER ${login} reset on ${word(`>${password}`)} ~* &* ${ALLOWED.join(" ")}\nACL SAVE\n`;
}

/** A word as redis-cli reads it. */
function word(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/** All that concerns data, and nothing that concerns the server or other users. */
const ALLOWED = ["+@all", "-@admin", "-@dangerous", "+info", "+keys", "+sort", "+sort_ro", "+flushdb"];
