import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withPreamble } from "../../../components/model/preamble";
import { containerOf } from "../../../components/policy/container.mjs";
import { renameProblem } from "../../../components/policy/postgres.mjs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "postgres-names-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A Docker stub for a server whose container was created with these names, on the volume that the script is given. */
function docker(names: { database: string; user: string } | undefined): void {
  const container = names ? "echo c0ffee" : "true";
  writeFileSync(
    join(folder, "docker"),
    `#!/bin/sh
echo "$1 $2" >>${folder}/calls
case "$*" in
  run*--version) echo "postgres (PostgreSQL) 16.4" ;;
  run*PG_VERSION*) echo 16 ;;
  "image inspect"*Env*) echo PGDATA=/var/lib/postgresql/data ;;
  "image inspect"*Id*) echo sha256:same ;;
  ps*) ${container} ;;
  inspect*Env*) printf 'PATH=/bin\\nPOSTGRES_DB=${names?.database}\\nPOSTGRES_USER=${names?.user}\\n' ;;
  inspect*Mounts*) echo volume ;;
  inspect*Image*) echo sha256:same ;;
  *) echo "unexpected: $*" >&2; exit 9 ;;
esac
`,
  );
  chmodSync(join(folder, "docker"), 0o755);
}

/** Runs the check of a release with these names in its configuration. */
function release(database: string, superuser: string) {
  const script = withPreamble(readFileSync("components/data/scripts/postgres-data.sh", "utf8"));
  const variables = `mount=/var/lib/postgresql/data pgdata='' reindex='' database='${database}'`;
  const args = ["shop", "prod", "postgres", superuser, "postgres:16-alpine", "volume", "70:70", "", ""];
  const { exitCode, stderr } = execaSync("sh", ["-c", `${script}\n${variables}\nmain "$@"`, "sh", ...args], {
    reject: false,
    env: { PATH: `${folder}:${process.env["PATH"]}` },
  });
  return { exitCode, stderr };
}

const FORMER = { database: "mails", user: "mails_user" };

describe("a release, before it stops PostgreSQL,", () => {
  test("is accepted with the names of the server that runs, and without a server", () => {
    docker(FORMER);
    expect(release("mails", "mails_user")).toEqual({ exitCode: 0, stderr: "" });
    docker(undefined);
    expect(release("any", "name")).toEqual({ exitCode: 0, stderr: "" });
  });

  test.each([
    ["database", "post", "mails_user", "mails"],
    ["superuser", "mails", "post_user", "mails_user"],
  ])("is refused with another %s, with the name to set back", (what, database, superuser, former) => {
    docker(FORMER);
    const { exitCode, stderr } = release(database, superuser);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`PostgreSQL's ${what} is ${former}, and the configuration names it`);
    expect(stderr).toContain("Nothing was changed.");
    expect(stderr).toContain(`Set it back to ${former} (argument ${what.replace("super", "")} of Postgres`);
    // It looks only: nothing is stopped, removed or renamed.
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    expect(calls.filter((call) => !/^(run|ps|inspect|image inspect)\b/.test(call))).toEqual([]);
  });
});

describe("a plan", () => {
  const urn = "urn:pulumi:prod::shop::berth:data:Postgres$docker:index/container:Container::postgres";
  const envs = (database: string, user: string) => [`POSTGRES_DB=${database}`, `POSTGRES_USER=${user}`];
  const before = [{ type: "docker:index/container:Container", urn, inputs: { envs: envs("mails", "mails_user") } }];
  const made = (database: string, user: string, command = ["postgres", "-c", "a=1"]) =>
    containerOf(urn, { command, envs: envs(database, user) });

  test("is refused when it renames the database or the superuser", () => {
    expect(renameProblem(made("post", "mails_user"), before)).toContain("has the database mails, and post does not");
    expect(renameProblem(made("mails", "post_user"), before)).toContain("Set it back to mails_user.");
  });

  test("is accepted with the same names, for a new server, and for another program", () => {
    expect(renameProblem(made("mails", "mails_user"), before)).toBeUndefined();
    expect(renameProblem(made("post", "post_user"), [])).toBeUndefined();
    expect(renameProblem(made("post", "post_user", []), before)).toBeUndefined();
  });
});
