import { reactive } from "vue";
import { ask, type Session } from "./api";

/** Who is signed in; `known` once the API was asked. */
export const session = reactive<Session & { known: boolean }>({ user: null, staff: false, known: false });

export async function loadSession(): Promise<void> {
  Object.assign(session, await ask<Session>("session/"), { known: true });
}

export async function signIn(username: string, password: string): Promise<void> {
  Object.assign(session, await ask<Session>("session/", "POST", { username, password }));
}

export async function signOut(): Promise<void> {
  await ask("session/", "DELETE");
  Object.assign(session, { user: null, staff: false });
}
