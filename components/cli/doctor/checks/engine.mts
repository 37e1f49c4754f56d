import { isAtLeast } from "../../engine/find.mts";
import { type Judgement, ok, problem, skipped, warning } from "../check.mts";

export const pulumi: Judgement = ({ engine }) => {
  if (engine.pulumi === undefined) {
    return warning(
      "Pulumi",
      "not installed",
      "Nothing has to be done where get.pulumi.com can be reached: the first berth command installs it. Elsewhere: https://www.pulumi.com/docs/install",
    );
  }
  if (isAtLeast(engine.oldestPulumi, engine.pulumi)) return ok("Pulumi", engine.pulumi);
  return problem(
    "Pulumi",
    engine.pulumi,
    `Install ${engine.oldestPulumi} or later: https://www.pulumi.com/docs/install`,
  );
};

export const state: Judgement = ({ engine }) => {
  if (engine.state === "reachable") return ok("state", engine.backend);
  if (engine.state === "absent") return ok("state", `${engine.backend}, which the first deployment makes`);
  return problem(
    "state",
    `${engine.backend}: ${lastLine(engine.state.refused)}`,
    "Check PULUMI_BACKEND_URL, or backend.url in Pulumi.yaml, the access to it, and whether the folder is writable for this account.",
  );
};

export const passphrase: Judgement = ({ engine, settings, stack }) => {
  const { decrypts } = engine;
  const secrets = settings.secrets.length > 0 || engine.stackExists;
  if (decrypts && !decrypts.works) {
    return problem(
      "passphrase",
      `it does not decrypt the secrets of ${stack}: ${lastLine(decrypts.said)}`,
      "Use the passphrase that the stack was made with: copy .pulumi-home/passphrase from where it was deployed, or set PULUMI_CONFIG_PASSPHRASE_FILE. It cannot be recovered.",
    );
  }
  if (engine.passphrase === "none") {
    if (!secrets) return ok("passphrase", "none yet; the first deployment makes it in .pulumi-home/passphrase");
    return problem(
      "passphrase",
      "none here, but the stack has secrets",
      "Copy .pulumi-home/passphrase from where the stack was deployed, or set PULUMI_CONFIG_PASSPHRASE_FILE.",
    );
  }
  const found = engine.passphrase === "file" ? ".pulumi-home/passphrase" : "from the environment";
  return decrypts
    ? ok("passphrase", `${found}, decrypts the stack's secrets`)
    : skipped("passphrase", `${found}; there is no state to try it on`);
};

export const lock: Judgement = ({ engine }) => {
  const [held] = engine.locks;
  return held ? problem("lock", held.found, held.advice) : ok("lock", "none");
};

/** The same refusal as components/host/scripts/ensure-ownership.sh, before anything is made. */
export const stateKnowsStack: Judgement = ({ engine, server, settings, stack }) => {
  if (!server?.docker.version) return undefined;
  const found = `${server.stands} containers of ${stack}`;
  const known = engine.resources !== undefined && engine.resources > 0;
  const consent = settings.values["adoptServer"] === stack;
  if (server.stands === 0 || known || consent) return ok("earlier deployment", found);
  return problem(
    "earlier deployment",
    `${found}, and a state that does not know them`,
    `If a colleague deploys the stack, use the same state (PULUMI_BACKEND_URL). If the state is lost: pulumi config set adoptServer ${stack} --stack ${stack}`,
  );
};

/** Pulumi's last line says why. */
function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
