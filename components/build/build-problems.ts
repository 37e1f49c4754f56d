interface BuildArgs {
  platform?: string;
  /** By their ids. */
  secrets?: Record<string, unknown>;
}

/** Errors in the arguments of a build, a sentence each. */
export function buildProblems({ platform, secrets = {} }: BuildArgs): string[] {
  return [
    ...(platform === undefined || /^\w+\/\w+(\/\w+)?$/.test(platform)
      ? []
      : [`platform is ${platform}, but must have a form like linux/arm64`]),
    ...Object.keys(secrets)
      .filter((id) => !/^\w[\w.-]*$/.test(id))
      .map((id) => `the id of a secret is "${id}", but must consist of letters, digits and . _ -`),
  ];
}
