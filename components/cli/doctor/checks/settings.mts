import { type Judgement, ok, problem } from "../check.mts";

/** What Docker takes in a repository's name, of which project and stack are a part. */
const LOWER_CASE = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;

export const names: Judgement = ({ project, stack }) => {
  const found = `${project}, ${stack}`;
  const wrong = [project, stack].filter((name) => !LOWER_CASE.test(name));
  if (wrong.length === 0) return ok("project and stack", found);
  return problem(
    "project and stack",
    found,
    `Docker takes no image name with "${wrong.join('" or "')}" in it: use lower-case letters, digits and single . _ - between them.`,
  );
};

export const settings: Judgement = ({ settings, stack }) => {
  const { file, exists, problems, values } = settings;
  if (!exists)
    return problem(
      "settings",
      `there is no ${file}`,
      `Make it, e.g. a copy of another stack's file: the settings of ${stack} are in it.`,
    );
  if (problems.length > 0) return problem("settings", problems.join("; "), `Correct it in ${file}.`);
  if (values["serverHost"] && !values["serverHostKey"]) {
    return problem(
      "settings",
      "serverHostKey is not set",
      `Read it on the server's own console (cat /etc/ssh/ssh_host_ed25519_key.pub) and set it: pulumi config set serverHostKey 'ssh-ed25519 …' --stack ${stack}`,
    );
  }
  return ok("settings", file);
};

/** The authority of HTTP-01 asks port 80, whatever the site listens on. */
export const acmePort: Judgement = ({ settings, stack }) => {
  const { tls, httpPort } = settings.values;
  if (tls !== "acme") return undefined;
  if (httpPort === "80") return ok("certificate", "port 80 is the site's, where the authority asks");
  return problem(
    "certificate",
    `tls is acme and httpPort ${httpPort}`,
    `The authority asks port 80 only: pulumi config set httpPort 80 --stack ${stack}, or choose tls own or self-signed.`,
  );
};
