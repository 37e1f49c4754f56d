import { describe, expect, test } from "vitest";
import { redisConf, redisDirectives } from "../../../components/data/redis-conf";
import { commandProblems, fixedUsers, makeLogin } from "../../../components/data/redis-users";

describe("redis.conf", () => {
  test("keeps half of the container's memory free, and refuses writes rather than losing data", () => {
    expect(redisDirectives({ memory: 512 })).toMatchObject({ maxmemory: "256mb", "maxmemory-policy": "noeviction" });
  });

  test("uses the given memory and eviction policy", () => {
    const settings = redisDirectives({ memory: 512, maxMemory: 300, policy: "allkeys-lru" });
    expect(settings).toMatchObject({ maxmemory: "300mb", "maxmemory-policy": "allkeys-lru" });
  });

  test("enables both kinds of persistence", () => {
    expect(redisDirectives({ memory: 64 })).toMatchObject({
      appendonly: "yes",
      appendfsync: "everysec",
      save: "900 1 300 10 60 10000",
    });
  });

  test("has one setting per line, sorted by name", () => {
    expect(redisConf({ save: "60 1", appendonly: "yes" }).split("\n").slice(1)).toEqual([
      "appendonly yes",
      "save 60 1",
      "",
    ]);
  });
});

describe("the users of Redis", () => {
  test("are no anonymous user, one for the health check, and an operator whose password is hashed", () => {
    const users = fixedUsers("test");
    expect(users).toContain("user default reset ~* &* +@all\n");
    expect(users).toContain("user health on nopass +ping\n");
    expect(users).toContain("#9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 ");
    expect(users).not.toContain("test");
  });

  test("may have passwords with any characters", () => {
    expect(makeLogin("app_1", 'a "b\\ c')).toContain(' ">a \\"b\\\\ c" ');
  });

  test("F25: may list the clients, as workers of RQ and BullMQ do, and run the commands that the stack names", () => {
    expect(makeLogin("app_1", "pass")).toContain(" +client|list\n");
    expect(makeLogin("app_1", "pass", ["config|get", "wait"])).toContain(" +client|list +config|get +wait\n");
  });

  test.each([
    ["config", "take over the server"],
    ["config|set", "take over the server"],
    ["acl|setuser", "take over the server"],
    ["shutdown", "take over the server"],
    ["+@admin", "must be a command"],
    ["config get", "must be a command"],
    ["wait\nACL SAVE", "must be a command"],
  ])("F25: may not get the command %j", (command, message) => {
    expect(commandProblems(["wait", command])).toEqual([expect.stringContaining(message)]);
    expect(commandProblems(["config|get", "wait", "client|no-evict"])).toEqual([]);
  });

  test("may not run administrative commands", () => {
    expect(makeLogin("app_1", "pass")).toMatch(
      /^ACL SETUSER app_1 reset on ">pass" ~\* &\* \+@all -@admin -@dangerous .*\nACL SAVE\n$/,
    );
  });
});
