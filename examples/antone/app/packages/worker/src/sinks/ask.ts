import { optionalSecret } from "@antone/database";

/** Secrets a platform needs. @throws naming those that are missing. */
export function keys<Name extends string>(platform: string, names: readonly Name[]): Record<Name, string> {
  const found = names.map((name) => [name, optionalSecret(name)] as const);
  const missing = found.filter(([, value]) => value === undefined).map(([name]) => name);
  if (missing.length > 0) throw new Error(`${platform} needs keys that are not set: ${missing.join(", ")}`);
  return Object.fromEntries(found) as Record<Name, string>;
}

/** Asks a platform and gives its answer. @throws with what it said when it refuses. */
export async function ask<Answer>(platform: string, url: string, init: RequestInit): Promise<Answer> {
  const answer = await fetch(url, { method: "POST", ...init, signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(`${platform} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  return (await answer.json()) as Answer;
}
