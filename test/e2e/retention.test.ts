import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { docker } from "../servers/docker";

const CONTAINER = `berth-test-retention-${randomBytes(4).toString("hex")}`;
const IMAGE = `${CONTAINER}:test`;
const settings = { STACK: "office", TZ: "UTC", BACKUP_TIME: "0200", KEEP_DAILY: "7", KEEP_MONTHLY: "12" };
const nothing = { DATABASES: "", PING_URL: "", OFFSITE: "" };

const inside = (script: string) => docker("exec", CONTAINER, "sh", "-euc", script);

beforeAll(async () => {
  await docker("build", "--quiet", "--tag", IMAGE, "components/data/backups");
  const env = Object.entries({ ...settings, ...nothing }).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  await docker("run", "--detach", "--name", CONTAINER, "--init", ...env, "--entrypoint", "sleep", IMAGE, "infinity");
  await inside(
    "mkdir -p /run/secrets /work /tmp /srv/backups/journal /backup/files && echo passphrase >/run/secrets/passphrase",
  );
  // Restic makes its key as costly as this machine is fast; here it is to be cheap, for it is needed 400 times.
  await docker("update", "--cpus", "0.02", CONTAINER);
  await inside("restic --quiet --repo /srv/backups/repository --password-file /run/secrets/passphrase init");
  await docker("update", "--cpus", "2", CONTAINER);
});

afterAll(async () => {
  await docker("rm", "--force", "--volumes", CONTAINER);
  await docker("rmi", "--force", IMAGE);
});

/** Days of the backups that are there, the newest first. */
async function days(): Promise<string[]> {
  const { local } = JSON.parse(await inside("sh /opt/berth/backups.sh snapshots")) as { local: { time: string }[] };
  return local
    .map(({ time }) => time.slice(0, 10))
    .sort()
    .reverse();
}

const DAY = 86_400_000;
const first = Date.parse("2025-10-18");
const day = (number: number) => new Date(first + number * DAY).toISOString().slice(0, 10);

test("after 400 days, the last 7 days are there and the ends of 12 months, and nothing else", async () => {
  const all = Array.from({ length: 400 }, (_, number) => day(number));
  for (let begun = 0; begun < all.length; begun += 20) {
    // One day after the other, as the schedule has it; old ones go every twentieth day and not each time.
    await inside(`
      export RESTIC_PASSWORD_FILE=/run/secrets/passphrase
      for day in ${all.slice(begun, begun + 20).join(" ")}; do
        echo "$day" >/backup/files/day
        restic --quiet --repo /srv/backups/repository backup --host office --tag scheduled --time "$day 02:00:00" /backup/files
      done
      sh /opt/berth/backups.sh retain`);
  }
  const newest = day(399);
  expect(newest).toBe("2026-11-21");
  const daily = all.slice(-7).reverse();
  const months = [...new Set(all.map((one) => one.slice(0, 7)))].slice(-12);
  const monthly = months.map((month) => all.findLast((one) => one.startsWith(month)) ?? "");
  const expected = [...new Set([...daily, ...monthly])].sort().reverse();
  expect(expected).toHaveLength(18);
  expect(await days()).toEqual(expected);
});

test("what is kept is whole: the file of each day is the one of that day", async () => {
  await inside(
    "sh /opt/berth/backups.sh snapshots >/work/all; restic --quiet --repo /srv/backups/repository --password-file /run/secrets/passphrase check --read-data",
  );
  for (const one of [await days()].flatMap((kept) => [kept[0], kept[7], kept.at(-1)])) {
    const found = await inside(
      `restic --quiet --repo /srv/backups/repository --password-file /run/secrets/passphrase snapshots --json | sed 's/},{/}\\n{/g' | sed -n 's/.*"time":"${one}.*"id":"\\([0-9a-f]*\\)".*/\\1/p'`,
    );
    expect(await inside(`sh /opt/berth/backups.sh dump local ${found} /backup/files/day`)).toBe(one);
  }
});

test("with another passphrase the backups are set aside, and with theirs taken up again", async () => {
  const before = await days();
  expect(await begun("mistyped")).toContain("They are set aside, in /srv/backups/repository.");
  expect(await days()).toEqual([]);
  expect(await begun("passphrase")).toContain("are taken up again");
  expect(await days()).toEqual(before);
});

/** What the container says when it starts with a passphrase. */
function begun(passphrase: string): Promise<string> {
  return inside(`
    echo ${passphrase} >/run/secrets/passphrase
    rm -f /tmp/ready
    sh /opt/berth/backups.sh keep 2>&1 &
    until [ -e /tmp/ready ]; do sleep 0.2; done
    kill $!
    wait $! || true`);
}
