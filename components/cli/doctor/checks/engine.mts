import { isAtLeast } from "../../engine/find.mts";
import { type Judgement, ok, problem, skipped, warning } from "../check.mts";
import type { Facts } from "../facts.mts";

export const pulumi: Judgement = ({ engine }) => {
  if (engine.pulumi === undefined) {
    return warning(
      "Pulumi",
      "not installed",
      "The first berth command installs it from get.pulumi.com. If this machine cannot reach that host: https://www.pulumi.com/docs/install",
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
  if (engine.state === "absent") return ok("state", `${engine.backend}; the first deployment creates it`);
  return problem(
    "state",
    `${engine.backend}: ${lastLine(engine.state.refused)}`,
    "Check PULUMI_BACKEND_URL or backend.url in Pulumi.yaml, your access to it, and whether this account can write to the folder.",
  );
};

export const passphrase: Judgement = ({ engine, settings, stack }) => {
  const { decrypts } = engine;
  const secrets = settings.secrets.length > 0 || engine.stackExists;
  if (decrypts && !decrypts.works) {
    return problem(
      "passphrase",
      `does not decrypt the secrets of ${stack}: ${lastLine(decrypts.error)}`,
      "Use the passphrase that the stack was created with: copy .pulumi-home/passphrase from the machine that deployed it, or set PULUMI_CONFIG_PASSPHRASE_FILE. A lost passphrase cannot be recovered.",
    );
  }
  if (engine.passphrase === "none") {
    if (!secrets) return ok("passphrase", "none yet; the first deployment generates it in .pulumi-home/passphrase");
    return problem(
      "passphrase",
      "not set, but the stack has secrets",
      "Copy .pulumi-home/passphrase from the machine that deployed the stack, or set PULUMI_CONFIG_PASSPHRASE_FILE.",
    );
  }
  const found = engine.passphrase === "file" ? ".pulumi-home/passphrase" : "from the environment";
  return decrypts
    ? ok("passphrase", `${found}, decrypts the stack's secrets`)
    : skipped("passphrase", `${found}; there are no secrets yet to test it with`);
};

export const lock: Judgement = ({ engine }) => {
  const [held] = engine.locks;
  return held ? problem("lock", held.found, held.advice) : ok("lock", "none");
};

/** The same check as components/host/scripts/ensure-ownership.sh, before the deployment. */
export const stateKnowsStack: Judgement = (facts) => {
  const { server, stack } = facts;
  if (!server?.docker.version) return undefined;
  const found = `${server.stackContainers} containers of ${stack}`;
  if (server.stackContainers === 0 || isAdopted(facts)) return ok("earlier deployment", found);
  return problem(
    "earlier deployment",
    `${found} that the state does not know`,
    `If a colleague deploys the stack, use the same state (PULUMI_BACKEND_URL). If the state is lost: pulumi config set adoptServer ${stack} --stack ${stack}`,
  );
};

/** The other check of ensure-ownership.sh. */
export const foreignVolumes: Judgement = (facts) => {
  const { server, stack } = facts;
  if (!server?.docker.version) return undefined;
  if (server.foreignVolumes.length === 0 || isAdopted(facts)) return ok("volumes", "none of others has such a name");
  return problem(
    "volumes",
    `not created by Berth, with names like those of ${stack}: ${server.foreignVolumes.join(", ")}`,
    `If they belong to something else, choose another name for the project or the stack. To use them with their content: pulumi config set adoptServer ${stack} --stack ${stack}`,
  );
};

/** Whether the state has the stack, or the setting consents that it takes what the server has. */
function isAdopted({ engine, settings, stack }: Facts): boolean {
  return (engine.resources ?? 0) > 0 || settings.values["adoptServer"] === stack;
}

/** The last line of Pulumi's output has the reason. */
function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
