import type * as pulumi from "@pulumi/pulumi";
import { isNetwork } from "../model/host-name.ts";
import { type ByPath, pathProblems } from "./by-path.ts";

/** Passwords by the name of the user. */
export type Users = Record<string, pulumi.Input<string>>;

/** Errors in the lists of addresses, a sentence each. */
export function allowProblems(allow: ByPath<readonly string[]>): string[] {
  return [
    ...pathProblems("allow", allow),
    ...Object.entries(allow).flatMap(([path, networks]) =>
      networks
        .filter((network) => !isNetwork(network))
        .map(
          (network) => `allow: "${network}" at "${path}" is not an address or network such as 192.0.2.7 or 10.0.0.0/8.`,
        ),
    ),
    ...emptyPaths(allow, (networks) => networks.length).map(
      (path) => `allow: "${path}" has no address, which denies all access. Add an address, or remove the path.`,
    ),
  ];
}

/** Errors in users, a sentence each, without their passwords. */
export function basicAuthProblems(basicAuth: ByPath<Users>): string[] {
  return [
    ...pathProblems("basicAuth", basicAuth),
    ...Object.entries(basicAuth).flatMap(([path, users]) =>
      Object.entries(users).flatMap(([user, password]) => [
        ...(/^[^\s:#]+$/.test(user)
          ? []
          : [`basicAuth: the user "${user}" at "${path}" must have a name without spaces, colons and #.`]),
        ...(password === "" ? [`basicAuth: the user "${user}" at "${path}" needs a password.`] : []),
      ]),
    ),
    ...emptyPaths(basicAuth, (users) => Object.keys(users).length).map(
      (path) => `basicAuth: "${path}" has no user, which denies all access. Add a user, or remove the path.`,
    ),
  ];
}

function emptyPaths<Value>(rules: ByPath<Value>, count: (value: Value) => number): string[] {
  return Object.entries(rules).flatMap(([path, value]) => (count(value) === 0 ? [path] : []));
}
