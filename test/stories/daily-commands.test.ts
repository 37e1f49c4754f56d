import { readFileSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Lock, locksIn } from "../../components/cli/lock/held-locks.mts";
import { StandInServer } from "../servers/server";
import { type CommandResult, Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { localDocker } from "../support/local-docker";
import { containersOf, type Docker } from "../support/office-story";
import { freePort } from "../support/ports";

let server: StandInServer;
let there: Deployment;
const onServer: Docker = (...words) => server.docker(...words);

beforeAll(async () => {
  server = await StandInServer.start({ name: "daily" });
  there = await Deployment.copy("daily", {
    ...server.settings,
    serverUser: "ubuntu",
    tls: "self-signed",
    replicas: 2,
    drainSeconds: 5,
  });
});

afterAll(async () => {
  await server?.stop();
  there?.remove();
});

test("a stack that is not deployed is reported with advice", async () => {
  const result = await there.tryMake("status");
  expect(result.failed).toBe(true);
  expect(result.output).toContain(
    `There is no stack ${there.stack}. To deploy it: npx berth up --stack ${there.stack}`,
  );
});

/** The commands that work for any place. */
function dailyCommands(deployment: () => Deployment, docker: Docker): void {
  /** A field of the stack's containers, by their names without the common prefix. */
  const names = async (service: string) => {
    const ids = await containersOf(deployment(), docker, service);
    const named = await docker("inspect", "--format", "{{.Name}}", ...ids);
    return named.split("\n").map((name) => name.replace(`/mailtracker-${deployment().stack}-`, ""));
  };

  test("`make up` deploys", async () => {
    expect(await deployment().make("up")).toContain("Sign in as admin; the first password: npx berth password");
  });

  test("`make status` shows the containers with age and health, and no problem", async () => {
    const { release } = await deployment().outputs();
    // Docker's first health check runs some seconds after the release's.
    await eventually(60, async () => expect(await deployment().make("status")).not.toContain("starting"));
    const output = await deployment().make("status");
    const since = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d";
    for (const name of await names("backend")) {
      const columns = ["backend", name, `backend:${release}`, "running", since, "healthy", "0", "[1-9]\\d* of 512 MiB"];
      expect(output).toMatch(new RegExp(`^${columns.join(" +")}$`, "m"));
    }
    expect(output).toMatch(/^migrate\s.* ended \(0\)/m);
    expect(output).toMatch(/^postgres\s.* postgres:16-alpine\s+running\s.*healthy\s/m);
    expect(output).toMatch(/^postgres_data\s+[1-9]\d* MiB$/m);
    expect(output).toMatch(/^Free on their disk: \d+\.\d of \d+\.\d GiB$/m);
    expect(output).toMatch(/^Site:\s+https?:\/\/\S+ answers 200$/m);
    expect(output).toMatch(new RegExp(`^Release:\\s+${release}$`, "m"));
  });

  test("`make logs` shows the lines of all replicas, each with its container's name", async () => {
    const output = await deployment().make("logs", "SERVICE=backend", "LINES=15");
    const lines = output.split("\n");
    expect(lines).toHaveLength(15);
    expect(new Set(lines.map((line) => line.split(" ")[1]))).toEqual(new Set(await names("backend")));
    const times = lines.map((line) => line.split(" ")[0]);
    expect(times).toEqual([...times].sort());
    expect(await deployment().make("logs", "SERVICE=postgres", "LINES=1000")).toContain(
      "database system is ready to accept connections",
    );
  });

  test("`make exec` runs a command in a service's container, with quotes, dollars and piped input", async () => {
    const run = (line: string, input = "") =>
      deployment().makeWithInput(input, "exec", "SERVICE=backend", `CMD=${line}`);
    expect(await run(`printf '%s|' "it's" "$POSTGRES_DB" $(id -u)`)).toMatchObject({
      output: "it's|mailtracker|10001|",
      failed: false,
    });
    expect((await run("tr a-z A-Z", "piped in")).output).toBe("PIPED IN");
    expect(await run("exit 7")).toMatchObject({ failed: true, output: expect.stringContaining("Error 7") });
  });

  test("`make psql` acts as the database's owner, without a password", async () => {
    const output = await deployment().make("psql", "SQL=SELECT current_user, count(*) FROM auth_user");
    expect(output).toMatch(/mailtracker_app \|\s+1/);
    const piped = await deployment().makeWithInput("SELECT 1; SELECT nonsense; SELECT 2;", "psql");
    expect(piped.failed).toBe(true);
    expect(piped.output).toContain('column "nonsense" does not exist');
  });

  test("an unknown service is an error that lists the existing ones", async () => {
    for (const target of ["logs", "exec"]) {
      const { output, failed } = await deployment().tryMake(target, "SERVICE=frontend");
      expect(failed, target).toBe(true);
      expect(output, target).toMatch(/There is no .*frontend of the stack/);
      expect(output, target).toMatch(/Services: backend .*postgres/);
    }
    const unnamed = await deployment().tryMake("exec");
    expect(unnamed.output).toMatch(/Name a service of the stack .*: backend /);
  });

  test("a container that was stopped by hand is unhealthy", async () => {
    const [id = ""] = await containersOf(deployment(), docker, "backend");
    const name = (await docker("inspect", "--format", "{{.Name}}", id)).split(`${deployment().stack}-`)[1];
    await docker("stop", id);
    const { output, failed } = await deployment().tryMake("status");
    expect(failed).toBe(true);
    expect(output).toContain(`Not well:\n  ${name} does not run.`);
    expect(output).toContain(`npx berth logs backend --stack ${deployment().stack}`);
    await docker("start", id);
    await eventually(60, async () => expect(await deployment().make("status")).not.toContain("Not well"));
  });
}

describe("on this machine", { tags: "extended" }, () => {
  let here: Deployment;

  beforeAll(async () => {
    const httpPort = await freePort();
    here = await Deployment.copy("daily", { httpAddress: "127.0.0.1", httpPort, drainSeconds: 5, replicas: 2 });
  });

  afterAll(async () => {
    await here?.destroyWithData();
    here?.remove();
  });

  dailyCommands(() => here, localDocker);
});

describe("on a server", () => {
  dailyCommands(() => there, onServer);

  test("all commands share one connection", async () => {
    const accepted = async () =>
      Number(await server.exec("journalctl --no-pager -t sshd | grep -c 'Accepted publickey'"));
    const before = await accepted();
    for (const target of ["status", "logs", "psql"]) await there.make(target);
    expect(await accepted()).toBeLessThanOrEqual(before + 1);
  });

  test("the certificate's expiry is shown in days, with its issuer", async () => {
    expect(await there.make("status")).toMatch(
      /^Certificate: until 20\d\d-\d\d-\d\d \d\d:\d\d, 39[67] days, issued by .*Self-signed certificate$/m,
    );
  });
});

describe("two deployments at once", () => {
  const me = `${userInfo().username}@${hostname()}`;
  let first: Promise<CommandResult>;
  let lock: Lock;
  const locks = () => locksIn(there.path(".pulumi-state/.pulumi/locks/organization/mailtracker", there.stack));

  test("run one at a time: the other reports who holds the lock and since when", async () => {
    there.edit("backend/entrypoint.sh", (text) => text.replace("    migrate)\n", "    migrate)\n        sleep 300\n"));
    first = there.tryMake("up");
    await eventually(120, async () => expect(locks()).toHaveLength(1));
    [lock] = locks() as [Lock];
    for (const target of ["up", "down", "unlock"]) {
      const { output, failed } = await there.tryMake(target, "YES=1");
      expect(failed, target).toBe(true);
      expect(output, target).toMatch(
        new RegExp(
          `Another deployment of the stack ${there.stack} is running: ${me}, since [\\d-]+ [\\d:]+ \\(\\d+ s ago\\), process ${lock.holder?.pid}\\.`,
        ),
      );
      expect(output, target).toContain("Nothing was changed.");
      expect(output, target).toContain("Error 75");
    }
    expect(locks()).toEqual([lock]);
  });

  test("a killed deployment leaves a lock, which is recognised as this machine's", async () => {
    await eventually(240, async () => {
      const migrating = ["--filter", `label=berth.stack=${there.stack}`, "--filter", "label=berth.service=migrate"];
      expect(await onServer("ps", "--quiet", ...migrating)).not.toBe("");
    });
    process.kill(lock.holder?.pid ?? 0, "SIGKILL");
    expect((await first).failed).toBe(true);
    expect(locks()).toEqual([lock]);

    writeFileSync(lock.file, JSON.stringify({ ...lock.holder, hostname: "laptop" }));
    const { output, failed } = await there.tryMake("up");
    expect(failed).toBe(true);
    expect(output).toContain(`The stack ${there.stack} is locked: ${userInfo().username}@laptop, since`);
    expect(output).toContain(
      `Check there: ps -p ${lock.holder?.pid}. If it does not: npx berth unlock --stack ${there.stack}`,
    );
    expect(output).toContain("Error 75");
    expect(locks()).toHaveLength(1);
  });

  test("`make unlock` removes such a lock only after confirmation", async () => {
    const content = readFileSync(lock.file, "utf8");
    const unsure = await there.tryMake("unlock");
    expect(unsure).toMatchObject({
      failed: true,
      output: expect.stringContaining("Nothing was changed. To run it without a question: npx berth unlock --yes"),
    });
    expect(locks()).toHaveLength(1);
    expect(await there.make("unlock", "YES=1")).toContain("The lock is removed.");
    expect(locks()).toEqual([]);
    expect(await there.make("unlock")).toBe(`The stack ${there.stack} is not locked.`);
    writeFileSync(lock.file, content);
  });

  test("the next `up` removes a dead lock of this machine and continues", async () => {
    writeFileSync(lock.file, JSON.stringify(lock.holder));
    // A file state written concurrently, when its URL has no `metadata=skip`.
    writeFileSync(`${there.stateFile}.attrs`, "");
    there.edit("backend/entrypoint.sh", (text) => text.replace("        sleep 300\n", ""));
    const output = await there.make("up");
    expect(output).toContain(`was killed: ${me}, since`);
    expect(output).toContain(`process ${lock.holder?.pid}, which has ended.`);
    expect(output).toContain("runs: http");
    expect(locks()).toEqual([]);
  });
});

test("a removed container is reported", async () => {
  const [id = ""] = await containersOf(there, onServer, "backend");
  const name = (await onServer("inspect", "--format", "{{.Name}}", id)).split(`${there.stack}-`)[1];
  await onServer("rm", "--force", "--volumes", id);
  const { output, failed } = await there.tryMake("status");
  expect(failed).toBe(true);
  expect(output).toContain(`  ${name} is missing: it was removed without Pulumi.`);
});

test("an unreachable server is reported", async () => {
  await server.stop();
  const { output, failed } = await there.tryMake("status");
  expect(failed).toBe(true);
  expect(output).toContain(`The server of the stack ${there.stack} does not answer.`);
});
