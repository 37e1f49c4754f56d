import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { limitArgs, loopbackPorts, postgresArgs, redisArgs, secretArgs } from "../../../components/settings/args";
import { resolved } from "../../support/mocks";

/** A secret output's value. */
async function revealed(output: pulumi.Output<string> | undefined) {
  if (!output) return undefined;
  expect(await pulumi.isSecret(output)).toBe(true);
  return resolved(output);
}

describe("limits", () => {
  const values = { apiMemoryMb: 256, apiReservedMb: 128, apiCpus: 0.5, workerMemoryMb: 128, workerPids: 50 };

  test("are those of the prefix, and only the declared ones", () => {
    expect(limitArgs(values, "api")).toEqual({ memory: 256, reservation: 128, cpus: 0.5 });
    expect(limitArgs(values, "worker")).toEqual({ memory: 128, pids: 50 });
    expect(Object.keys(limitArgs(values, "api"))).not.toContain("pids");
  });

  test("of a prefix without settings do not compile", () => {
    // @ts-expect-error there is no setting dashboardMemoryMb, dashboardCpus or dashboardPids
    expect(limitArgs(values, "dashboard")).toEqual({});
  });
});

describe("PostgreSQL and Redis", () => {
  test("get limits, port, and the password as a secret", async () => {
    const { password, ...postgres } = postgresArgs({
      databaseMemoryMb: 512,
      databaseCpus: 1,
      databasePids: 200,
      databasePort: 5433,
      databasePassword: "correct horse battery",
      databasePasswordVersion: 2,
    });
    expect(postgres).toEqual({
      passwordVersion: 2,
      loopbackPort: 5433,
      limits: { memory: 512, cpus: 1, pids: 200 },
    });
    expect(await revealed(password)).toBe("correct horse battery");
  });

  test("get neither a port nor a password that is not set", () => {
    const values = { redisMemoryMb: 256, redisPort: undefined, redisPassword: undefined, redisPasswordVersion: 1 };
    expect(redisArgs(values)).toEqual({
      password: undefined,
      passwordVersion: 1,
      loopbackPort: undefined,
      limits: { memory: 256 },
    });
  });
});

describe("a secret", () => {
  const values = {
    secretKey: "new",
    secretKeyFallback: "old",
    secretKeyVersion: 3,
    jwtSecret: undefined,
    jwtSecretVersion: 1,
    adminPassword: "given",
  };

  test("with a previous value and a version gets both", async () => {
    const { value, previous, version } = secretArgs(values, "secretKey");
    expect([await revealed(value), await revealed(previous), version]).toEqual(["new", "old", 3]);
  });

  test("has only what is set and declared", async () => {
    expect(secretArgs(values, "jwtSecret")).toEqual({ value: undefined, previous: undefined, version: 1 });
    const { value, ...rest } = secretArgs(values, "adminPassword");
    expect(await revealed(value)).toBe("given");
    expect(rest).toEqual({ previous: undefined });
    expect(Object.keys(rest)).not.toContain("version");
  });

  test("that is not declared does not compile", () => {
    // @ts-expect-error there is no setting tunnelToken
    expect(secretArgs(values, "tunnelToken")).toEqual({ value: undefined, previous: undefined });
  });
});

describe("ports of a service itself", () => {
  test("are those that are set, by the port on the loopback address", () => {
    expect(loopbackPorts([3001, 3001], [undefined, 9229])).toEqual({ loopbackPorts: { 3001: 3001 } });
    expect(loopbackPorts([8001, 8000], [9230, 9229])).toEqual({ loopbackPorts: { 8001: 8000, 9230: 9229 } });
  });

  test("are left out without one, as any port makes the container a single instance", () => {
    expect(loopbackPorts([undefined, 3001])).toEqual({});
  });
});
