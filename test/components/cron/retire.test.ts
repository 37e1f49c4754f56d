import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { FakeContainers } from "../../support/fake-containers";

const RETIRE = readFileSync("components/cron/scripts/retire.sh", "utf8");
const SWEEP = ["of-stack.sh", "sweep.sh"]
  .map((file) => readFileSync(`components/release/scripts/${file}`, "utf8"))
  .join("");

let engine: FakeContainers;
afterEach(() => engine.remove());

const retire = (id: string, mode: "wait" | "leave") => engine.run(RETIRE, id, mode, "shop", "prod", "digest");
const idle = { restart: "unless-stopped", runs: "until the signal" } as const;
const working = { restart: "unless-stopped", runs: "on after the signal" } as const;
const left = { restart: "no", runs: "on after the signal" } as const;

describe("the previous container of a scheduled job", () => {
  test("is stopped after its run, however long it takes, and left to Pulumi", () => {
    engine = new FakeContainers({ new: idle, old: working });
    expect(retire("old", "wait")).toBe("");
    expect(engine.calls).toEqual(["stop -t -1 old"]);
  });

  test("is left to complete its run, without a restart by the engine", () => {
    engine = new FakeContainers({ new: idle, old: working });
    expect(retire("old", "leave")).toContain("The scheduled job digest completes its run in the previous container.");
    expect(engine.calls).toEqual(["update --restart no old", "kill --signal TERM old"]);
  });

  test("is removed at once if it has no run to complete", () => {
    engine = new FakeContainers({ new: idle, old: idle });
    expect(retire("old", "leave")).toBe("");
    expect(engine.calls.at(-1)).toBe("rm --volumes old");
  });

  test("is removed at once if somebody has stopped it", () => {
    engine = new FakeContainers({ new: idle, old: { restart: "unless-stopped", runs: "no" } });
    retire("old", "leave");
    expect(engine.calls).toEqual(["update --restart no old", "rm --volumes old"]);
  });

  test("may have been removed by a person", () => {
    engine = new FakeContainers({ new: idle });
    for (const mode of ["wait", "leave"] as const) expect(retire("old", mode)).toBe("");
    expect(engine.calls).toEqual([]);
  });
});

describe("a scheduled job that is removed with its stack or from the program", () => {
  test("is stopped, with the containers that earlier releases left running", () => {
    engine = new FakeContainers({ current: idle, earlier: left });
    retire("current", "wait");
    expect(engine.calls).toEqual(["stop -t -1 current", "stop -t -1 earlier", "rm --volumes earlier"]);
  });

  test("is removed here if Pulumi retains its container", () => {
    engine = new FakeContainers({ current: working });
    retire("current", "leave");
    expect(engine.calls).toEqual(["stop -t -1 current", "rm --volumes current"]);
  });
});

test("the next release removes the containers that have completed their run, and no other stopped ones", () => {
  engine = new FakeContainers({
    current: idle,
    done: { restart: "no", runs: "no" },
    left,
    stopped: { restart: "unless-stopped", runs: "no" },
  });
  engine.run(SWEEP, "shop", "prod");
  expect(engine.calls).toEqual(["rm --volumes done"]);
});
