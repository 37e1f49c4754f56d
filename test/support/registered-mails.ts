import { setTimeout as sleep } from "node:timers/promises";
import type { Deployment } from "./deployment";
import { signedIn } from "./office-story";

export interface Registered {
  /** When each mail was confirmed, in milliseconds, by its reference. */
  confirmed: Map<string, number>;
  refused: number;
}

/** Registers mails one after another until the work is done. */
export async function whileRegistering(
  deployment: Deployment,
  name: string,
  work: () => Promise<unknown>,
): Promise<Registered> {
  const site = await signedIn(deployment);
  const registered: Registered = { confirmed: new Map(), refused: 0 };
  let done = false;
  const registering = (async () => {
    for (let number = 1; !done; number++) {
      const reference = `${name}/${number}`;
      await site.createMail(reference).then(
        () => registered.confirmed.set(reference, Date.now()),
        () => registered.refused++,
      );
      await sleep(20);
    }
  })();
  try {
    await work();
  } finally {
    done = true;
    await registering;
  }
  return registered;
}

/** The references of all mails in the database. */
export async function storedReferences(deployment: Deployment): Promise<string[]> {
  return (await deployment.make("psql", "SQL=COPY (SELECT reference FROM mails_mail) TO STDOUT")).split("\n");
}
