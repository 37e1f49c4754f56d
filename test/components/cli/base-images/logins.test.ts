import { expect, test } from "vitest";
import { loginsOf } from "../../../../components/cli/base-images/logins.mts";

const SECRETS: Record<string, string> = { registryPassword: "pw", dockerHubToken: "token" };
const secretOf = async (setting: string) => SECRETS[setting];

test("a stack without registry and account needs no sign-in", async () => {
  expect(await loginsOf({ registryAddress: "", dockerHubUser: "" }, secretOf)).toEqual({});
});

test("the look-up signs in to the stack's registry, and to Docker Hub by the host of its API", async () => {
  const settings = { registryAddress: "ghcr.io/acme", registryUsername: "bob", dockerHubUser: "ada" };
  expect(await loginsOf(settings, secretOf)).toEqual({ "ghcr.io": "bob:pw", "registry-1.docker.io": "ada:token" });
});

test("at Docker Hub, the account that pushes images has precedence", async () => {
  const settings = { registryAddress: "docker.io/acme", registryUsername: "bob", dockerHubUser: "ada" };
  expect(await loginsOf(settings, secretOf)).toEqual({ "registry-1.docker.io": "bob:pw" });
});

test("an account whose password cannot be read is left out", async () => {
  expect(await loginsOf({ dockerHubUser: "ada" }, async () => undefined)).toEqual({});
});
