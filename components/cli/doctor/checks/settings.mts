import { stackProblems } from "../../../model/name-rules.ts";
import { type Judgement, ok, problem, warning } from "../check.mts";

export const names: Judgement = ({ project, stack }) => {
  const found = `${project}, ${stack}`;
  const problems = stackProblems({ project, stack });
  return problems.length === 0
    ? ok("project and stack", found)
    : problem("project and stack", found, problems.join(" "));
};

export const settings: Judgement = ({ settings, stack }) => {
  const { file, exists, problems, values } = settings;
  if (!exists)
    return problem(
      "settings",
      `there is no ${file}`,
      `Create it with the settings of ${stack}, e.g. from a copy of another stack's file.`,
    );
  if (problems.length > 0) return problem("settings", problems.join("; "), `Correct it in ${file}.`);
  if (values["serverHost"] && !values["serverHostKey"]) {
    return problem(
      "settings",
      "serverHostKey is not set",
      `Read it on the server's console (cat /etc/ssh/ssh_host_ed25519_key.pub) and set it: pulumi config set serverHostKey 'ssh-ed25519 …' --stack ${stack}`,
    );
  }
  return ok("settings", file);
};

/** The commands that print secrets: another account may not be signed in to the store of secrets. */
export const secretCommands: Judgement = ({ secretCommands = [], settings }) => {
  if (secretCommands.length === 0) return undefined;
  const failed = secretCommands.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: ${failure}`]));
  if (failed.length === 0) return ok("secret commands", secretCommands.map(({ name }) => name).join(", "));
  return problem(
    "secret commands",
    failed.join("; "),
    `Sign in to the store of secrets, or correct secretCommands in ${settings.file}. Run the command in the project's folder to see its error.`,
  );
};

/** An ACME authority sends HTTP-01 challenges to port 80 only. */
export const acmePort: Judgement = ({ settings, stack }) => {
  const { tls, httpPort, acmeChallenge, dnsProvider } = settings.values;
  if (tls !== "acme") return undefined;
  if (acmeChallenge === "dns-01") return ok("certificate", `validated by records at ${dnsProvider}`);
  if (httpPort === "80") return ok("certificate", "the site listens on port 80, as ACME requires");
  return problem(
    "certificate",
    `tls is acme and httpPort ${httpPort}`,
    `The authority sends its challenges to port 80 only: pulumi config set httpPort 80 --stack ${stack}, or set tls to own or self-signed, or acmeChallenge to dns-01.`,
  );
};

/** Whether the certificate authority must reach the site over HTTP. */
export function validatedOverHttp({ tls, acmeChallenge }: Readonly<Record<string, string | undefined>>): boolean {
  return tls === "acme" && acmeChallenge !== "dns-01";
}

/** Backups on the server do not survive its loss. A stack on this machine is for development. */
export const offsite: Judgement = ({ settings }) => {
  const { serverHost, backupS3Endpoint, backupS3Bucket } = settings.values;
  if (!serverHost) return undefined;
  if (backupS3Endpoint) return ok("off-site backups", `${backupS3Bucket} at ${backupS3Endpoint}`);
  return warning(
    "off-site backups",
    "none: the backups are on the server only, and a loss of it loses them too",
    "Set backupS3Endpoint and the other backupS3 settings, e.g. of a bucket at Backblaze B2: docs/backups.md.",
  );
};
