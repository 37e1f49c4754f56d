import { DOCKER_HUB, registryParts } from "../../model/registry.ts";

/**
 * The sign-ins of a stack's settings, by the registries' hosts: `account:password`.
 *
 * @param secretOf Reads a secret setting; undefined if it is not set.
 */
export async function loginsOf(
  { registryAddress, registryUsername, dockerHubUser }: Readonly<Record<string, string | undefined>>,
  secretOf: (setting: string) => Promise<string | undefined>,
): Promise<Record<string, string>> {
  const accounts = [
    ...(dockerHubUser ? [{ host: DOCKER_HUB, user: dockerHubUser, setting: "dockerHubToken" }] : []),
    ...(registryAddress
      ? [{ host: registryParts(registryAddress).host, user: registryUsername ?? "", setting: "registryPassword" }]
      : []),
  ];
  const logins = accounts.map(async ({ host, user, setting }) => {
    const password = await secretOf(setting);
    return password === undefined ? [] : [[host, `${user}:${password}`] as const];
  });
  return Object.fromEntries((await Promise.all(logins)).flat());
}
