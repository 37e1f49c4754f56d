import * as pulumi from "@pulumi/pulumi";

/** The values of a secret's settings; without version or previous secret where those are not declared. */
export type SecretValues<Name extends string> = Record<Name, string | undefined> & {
  [Fallback in `${Name}Fallback`]?: string | undefined;
} & Partial<Record<`${Name}Version`, number>>;

/** Marks a setting as secret; undefined if it is not set. */
export function secret(value: string | undefined): pulumi.Output<string> | undefined {
  return value === undefined ? undefined : pulumi.secret(value);
}

/**
 * Arguments of `Secret`, from the values of `rotatedKeySettings(name, …)`, `rotatedSecretSettings(name, …)` or a single `generatedSecret`.
 *
 * @example new berth.Secret("secret-key", berth.secretArgs(values, "secretKey"))
 */
export function secretArgs<Name extends string>(values: SecretValues<Name>, name: Name) {
  const fallbacks: { [Fallback in `${Name}Fallback`]?: string | undefined } = values;
  const version = values[`${name}Version` as const];
  return {
    value: secret(values[name]),
    previous: secret(fallbacks[`${name}Fallback` as const]),
    ...(version !== undefined && { version }),
  };
}
