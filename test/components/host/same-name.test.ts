import { readFileSync } from "node:fs";
import { execaSync } from "execa";
import { describe, expect, test } from "vitest";
import { STEP, stepCall } from "../../../components/host/step";

const RUN = readFileSync("components/host/scripts/same-name.sh", "utf8");

/** Runs the script as Pulumi's command plugin does, which passes the output of the last deployment. */
function deployed(name: string, former?: string) {
  const [PROJECT, STACK] = name.split("/");
  const env = { STEP, RUN, PROJECT, STACK, ...(former !== undefined && { PULUMI_COMMAND_STDOUT: former }) };
  const { stdout, stderr, exitCode } = execaSync("/bin/sh", ["-c", stepCall("RUN")], { env, reject: false });
  return { stdout, stderr, exitCode };
}

describe("F41: a plain pulumi up", () => {
  test("remembers the stack's name", () => {
    expect(deployed("shop/prod")).toMatchObject({ stdout: "shop/prod", exitCode: 0 });
    expect(deployed("shop/prod", "shop/prod")).toMatchObject({ stdout: "shop/prod", exitCode: 0 });
  });

  test("refuses a renamed stack, with the command that renames it back", () => {
    const { stdout, stderr, exitCode } = deployed("shop/live", "shop/prod");
    expect([stdout, exitCode]).toEqual(["", 1]);
    expect(stderr).toContain("in the volumes of shop/prod, but its name is now shop/live");
    expect(stderr).toContain("pulumi stack rename prod --stack live, and rename Pulumi.live.yaml to Pulumi.prod.yaml.");
  });

  test("refuses a renamed project", () => {
    const { stderr, exitCode } = deployed("store/prod", "shop/prod");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Rename project and stack back.");
  });
});
