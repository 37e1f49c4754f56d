import { readFileSync } from "node:fs";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withPreamble } from "../../../components/model/preamble";
import { FakeServer } from "../../support/fake-server";

const FILES = ["release/scripts/of-stack.sh", "remote/scripts/audit-line.sh", "release/scripts/bound-disk.sh"];
const DAY = 86_400;

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.write("now", "1800000000\n");
  server.write("logs/shop-prod/audit.jsonl", "");
  server.program("date", 'case $* in +%s) cat $root/now ;; *) exec /usr/bin/date "$@" ;; esac');
  server.program(
    "docker",
    `case "$*" in
  "volume ls --quiet --filter label=berth.project=shop --filter label=berth.stack=prod") cat $root/volumes ;;
  "volume rm "*) sed -i "/^$3\\$/d" $root/volumes ;;
  "ps --all --quiet --filter volume="*) grep -x "\${5#volume=}" $root/used ;;
  "builder prune --help") cat $root/help ;;
esac
true`,
  );
  server.write("volumes", "shop-prod-data\nshop-prod-old\nshop-prod-shared\n");
  server.write("used", "shop-prod-shared\n");
  server.write("help", "      --keep-storage bytes   Amount of disk space to keep for cache\n");
});
afterEach(() => server.remove());

/** Runs the script after a release of a program with the volume shop-prod-data. */
async function release(cacheMb: number, days: number) {
  const { folder } = server;
  const script = withPreamble(FILES.map((file) => readFileSync(`components/${file}`, "utf8")).join(""));
  const words = ["shop", "prod", `${folder}/logs`, String(cacheMb), String(days), "shop-prod-data"];
  const env = { root: folder, PATH: `${folder}/bin:/usr/bin:/bin` };
  return (await execa("sh", ["-c", script, "sh", ...words], { env, extendEnv: false })).stdout;
}
const later = (seconds: number) => server.write("now", `${Number(server.read("now")) + seconds}\n`);
const volumes = () => (server.read("volumes") ?? "").split("\n").filter(Boolean);

describe("volumes of the stack that nothing uses", () => {
  test("are deleted by a release some days after one that has found them so, and announced before", async () => {
    expect(await release(0, 7)).toBe(
      "Nothing uses the volume shop-prod-old. Releases after 2027-01-22 delete it with its data (diskUnusedVolumeDays).",
    );
    later(7 * DAY - 1);
    await release(0, 7);
    expect(volumes()).toContain("shop-prod-old");
    later(1);
    expect(await release(0, 7)).toBe("Deleted the volume shop-prod-old, which nothing has used since 2027-01-15.");
    expect(volumes()).toEqual(["shop-prod-data", "shop-prod-shared"]);
    expect(await release(0, 7)).toBe("");
  });

  test("have their time again after a use", async () => {
    await release(0, 7);
    server.write("used", "shop-prod-shared\nshop-prod-old\n");
    later(8 * DAY);
    expect(await release(0, 7)).toBe("");
    server.write("used", "shop-prod-shared\n");
    await release(0, 7);
    expect(volumes()).toContain("shop-prod-old");
  });

  test("are kept if the engine does not tell what uses them", async () => {
    await release(0, 1);
    later(2 * DAY);
    const answers = server.read("bin/docker") ?? "";
    server.write("bin/docker", answers.replace(/grep -x .*used/, "exit 1"));
    await release(0, 1);
    expect(volumes()).toContain("shop-prod-old");
  });

  test("are kept without the setting", async () => {
    later(1000 * DAY);
    await release(1, 0);
    expect(server.calls(/^docker volume/)).toEqual([]);
  });
});

describe("the cache of builds", () => {
  test.each([
    ["older", "--keep-storage bytes", "--keep-storage"],
    ["newer", "--keep-storage bytes\n --max-used-space bytes", "--max-used-space"],
  ])("is bounded by the option of %s builders", async (_, help, option) => {
    server.write("help", help);
    expect(await release(512, 0)).toBe("");
    expect(server.calls(/builder prune --all/)).toEqual([`docker builder prune --all --force ${option} 512MB`]);
  });

  test("says that it keeps its size if the builder fails, which fails no release", async () => {
    const answers = server.read("bin/docker") ?? "";
    server.write("bin/docker", answers.replace("true", 'case $* in *--force*) echo "no builder" >&2; exit 1 ;; esac'));
    expect(await release(512, 0)).toBe("The cache of builds keeps its size (diskBuildCacheMb): no builder");
  });
});
