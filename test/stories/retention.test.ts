import { afterAll, beforeAll, expect, test } from "vitest";
import { BackupContainer } from "../support/backup-container";
import { sample } from "../support/sample";

let container: BackupContainer;
const inside = (script: string) => container.inside(script);

beforeAll(async () => {
  container = await BackupContainer.start();
});

afterAll(() => container?.stop());

/** Days of the existing backups, newest first. */
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

test("after 400 days, exactly the last 7 days and the ends of 12 months are kept", async () => {
  const every = Array.from({ length: 400 }, (_, number) => day(number));
  // The retention depends on the last days and the last ones of each month.
  const ofMonth = (month: string) => every.filter((one) => one.startsWith(month));
  const all = [...new Set(every.map((one) => one.slice(0, 7)))].flatMap((month) =>
    sample(ofMonth(month), month === "2026-11" ? 12 : 3),
  );
  for (let begun = 0; begun < all.length; begun += 20) {
    // One day after another, as scheduled; old backups are pruned every twentieth day rather than each time.
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
  expect(all.at(-1)).toBe(newest);
  const daily = all.slice(-7).reverse();
  const months = [...new Set(all.map((one) => one.slice(0, 7)))].slice(-12);
  const monthly = months.map((month) => all.findLast((one) => one.startsWith(month)) ?? "");
  const expected = [...new Set([...daily, ...monthly])].sort().reverse();
  expect(expected).toHaveLength(18);
  expect(await days()).toEqual(expected);
});

test("kept backups are complete: each has the file of its day", async () => {
  await container.restic("check --read-data");
  for (const one of [await days()].flatMap((kept) => [kept[0], kept[7], kept.at(-1)])) {
    const snapshots = JSON.parse(await container.restic("snapshots --json")) as { id: string; time: string }[];
    const found = snapshots.find(({ time }) => time.startsWith(one ?? ""))?.id;
    expect(await inside(`sh /opt/berth/backups.sh dump local ${found} /backup/files/day`)).toBe(one);
  }
});

test("with another passphrase the backups are set aside, and with the original one used again", async () => {
  const before = await days();
  expect(await begun("mistyped")).toContain("They are set aside, in /srv/backups/repository.");
  expect(await days()).toEqual([]);
  expect(await begun("passphrase")).toContain("are used again");
  expect(await days()).toEqual(before);
});

/** The container's output when it starts with a passphrase. */
function begun(passphrase: string): Promise<string> {
  return inside(`
    echo ${passphrase} >/run/secrets/passphrase
    rm -f /tmp/ready
    sh /opt/berth/backups.sh keep 2>&1 &
    until [ -e /tmp/ready ]; do sleep 0.2; done
    kill $!
    wait $! || true`);
}
