import { Problem } from "../../model/problem.ts";
import type { Place } from "../../remote/place.mts";
import { asksForPassword } from "../../remote/server/checks/access.mts";
import type { Server } from "../../remote/server/facts.mts";
import { acceptsPassword } from "../../remote/sudo.mts";
import { askSecret } from "./ask.mts";

const ATTEMPTS = 3;

/**
 * Asks on a terminal for the password of an account whose sudo needs one. It is kept in this process only.
 *
 * @returns Undefined without a terminal, if sudo needs none, or if the answer is empty.
 * @throws Problem after three wrong answers.
 */
export async function sudoPassword(place: Place, server: Server, askFor = askSecret): Promise<string | undefined> {
  if (!process.stdin.isTTY || !asksForPassword(server)) return undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const password = await askFor(`Password of ${server.account} for sudo on the server (Enter: go on without sudo): `);
    if (password === "") return undefined;
    if (await acceptsPassword(place, password)) return password;
    console.error("sudo does not accept it, or the account may not use sudo.");
  }
  throw new Problem("sudo accepts none of the passwords. Nothing was changed.");
}
