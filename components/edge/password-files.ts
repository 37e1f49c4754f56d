import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Users } from "./access";
import type { ByPath } from "./by-path";
import { cryptSalt, sha512Crypt } from "./sha512-crypt";

/** Path of the password file in nginx's container, by path prefix. */
export function passwordPaths(basicAuth: ByPath<Users>): ByPath<string> {
  const paths = Object.keys(basicAuth).sort();
  return Object.fromEntries(paths.map((path, index) => [path, `/run/secrets/passwords-${index + 1}`]));
}

/** Password files by their path in nginx's container, as secrets. */
export function passwordFiles(
  basicAuth: ByPath<Users>,
  key: pulumi.Input<string>,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    Object.entries(passwordPaths(basicAuth)).map(([path, file]) => [
      file,
      pulumi.secret(
        pulumi.all([pulumi.output(basicAuth[path] ?? {}), key]).apply(([users, secret]) => hashed(users, path, secret)),
      ),
    ]),
  );
}

/** Renders one line a user. The salt is derived from the key, so that unchanged passwords give an unchanged file and no new container. */
export function hashed(users: Record<string, string>, path: string, key: string): string {
  return Object.entries(users)
    .sort()
    .map(([user, password]) => {
      const salt = cryptSalt(
        createHmac("sha256", key)
          .update(JSON.stringify(["password", path, user]))
          .digest(),
      );
      return `${user}:${sha512Crypt(password, salt)}\n`;
    })
    .join("");
}
