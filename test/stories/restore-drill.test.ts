import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bridgeAddress, docker } from "../servers/docker";
import { S3TestServer } from "../servers/s3";
import { BackupContainer } from "../support/backup-container";
import { freePort } from "../support/ports";

let container: BackupContainer;
let storage: S3TestServer;
let monitor: Server;
let offsite: string;
/** Paths requested from the monitoring service. */
const pings: string[] = [];
const inside = (script: string) => container.inside(script);

beforeAll(async () => {
  storage = await S3TestServer.start();
  const [host, port] = [await bridgeAddress(), await freePort()];
  monitor = createServer((request, answer) => {
    pings.push(request.url ?? "");
    answer.end();
  }).listen(port, host);
  offsite = `s3:${storage.endpoint}/${storage.bucket}/office`;
  container = await BackupContainer.start(
    { DATABASES: "127.0.0.1:office:postgres", PING_URL: `http://${host}:${port}/ping`, OFFSITE: offsite },
    `[default]\naws_access_key_id = ${storage.accessKeyId}\naws_secret_access_key = ${storage.secretAccessKey}\n`,
  );
  await inside(`
    mkdir /work/server && chown postgres /work/server && chmod 711 /work
    as_postgres() { su -s /bin/sh -c "PATH=$PATH $*" postgres; }
    as_postgres initdb --username postgres --auth trust --pgdata /work/server >/dev/null
    mkdir -p /backup/files/pdfs/2025 /backup/files/pdfs/empty
    echo letter >/backup/files/pdfs/letter; echo invoice >/backup/files/pdfs/invoice; echo old >/backup/files/pdfs/2025/old`);
});

afterAll(async () => {
  monitor?.close();
  await container?.stop();
  await storage?.stop();
});

const backup = () => container.run("backup", "manual");
const drill = () => container.run("drill");
/** A backup of the dump with other facts, or of a part of it. */
const forged = (edit: string, exclude = "nothing") =>
  inside(`
    export RESTIC_PASSWORD_FILE=/run/secrets/passphrase RESTIC_REPOSITORY=/srv/backups/repository
    restic --quiet dump latest /databases | tar -x -C /backup
    ${edit}
    cd /backup && restic --quiet backup --tag manual --host office --exclude ${exclude} databases files
    rm -r /backup/databases/*`);

test("the monitoring receives a failed backup, and the next successful one", async () => {
  await expect(backup()).rejects.toThrow(/The backup failed: .*(refused|127\.0\.0\.1)/);
  expect(pings).toEqual(["/ping/fail"]);
  await inside(`
    su -s /bin/sh -c "PATH=$PATH pg_ctl --pgdata /work/server --wait --silent --log /work/server/log start" postgres
    createdb --host 127.0.0.1 --username postgres office
    psql --host 127.0.0.1 --username postgres --quiet --command 'CREATE TABLE mails AS SELECT generate_series(1, 50) AS id' office`);
  await backup();
  expect(pings).toEqual(["/ping/fail", "/ping"]);
});

describe("a drill", () => {
  test("passes when files were added, changed, removed and renamed since the backup", async () => {
    await inside(`
      sleep 1.1; cd /backup/files/pdfs
      echo new >new; mkdir new-folder; echo changed >>invoice; rm letter; mv 2025 renamed`);
    expect(await drill()).toContain("files: 3 restored, 0 equal to those in use, 3 changed since; 127.0.0.1: 50 rows");
    await inside("cd /backup/files/pdfs; echo letter >letter; sleep 1.1");
    await backup();
    expect(await drill()).toContain("files: 4 restored, 4 equal to those in use, 0 changed since");
  });

  test("neither waits for a lock nor blocks a backup, and nothing is pruned meanwhile", {
    tags: "extended",
  }, async () => {
    // A process that holds restic's exclusive lock and hangs.
    await inside(`
      RESTIC_PASSWORD=passphrase restic --repo /srv/backups/repository check --read-data >/dev/null 2>&1 &
      until ls /srv/backups/repository/locks | grep -q .; do sleep 0.02; done
      kill -STOP $!; echo $! >/work/stopped`);
    try {
      expect(await inside("timeout 300 sh /opt/berth/backups.sh drill 2>&1")).toContain("proven in");
    } finally {
      await inside("kill -KILL $(cat /work/stopped)");
    }
    await container.restic("unlock");
    await container.restic("backup --time '2020-01-01 02:00:00' --tag scheduled --host office /backup/files");
    const snapshots = async () => (JSON.parse(await container.run("snapshots")).local as unknown[]).length;
    const before = await snapshots();
    await inside(`flock /srv/backups/drills.lock sh /opt/berth/backups.sh backup manual`);
    expect(await snapshots()).toBe(before + 1);
  });

  test("fails when a file is missing from the backup", async () => {
    await inside("echo lost >/backup/files/pdfs/lost; sleep 1.1");
    await forged("true", "lost");
    await expect(drill()).rejects.toThrow("The file /backup/files/pdfs/lost is not in the backup, though it is older.");
    await inside("rm /backup/files/pdfs/lost");
  });

  test("fails when a file in use has rotted, with its size and time the same", { tags: "extended" }, async () => {
    await inside(
      "cd /backup/files/pdfs; touch -r letter /work/then; printf x >letter.x; printf lettex >/work/rotten; echo >>/work/rotten; cat /work/rotten >letter; rm letter.x; touch -r /work/then letter",
    );
    await expect(drill()).rejects.toThrow(
      "The file /backup/files/pdfs/letter differs from the backup, though its size and time are the same.",
    );
    await inside("cd /backup/files/pdfs; echo letter >letter; touch -r /work/then letter");
  });

  test("fails when a table has other rows than at the moment of the dump", async () => {
    await forged("sed -i 's/^rows public.mails|50$/rows public.mails|51/' /backup/databases/127.0.0.1/facts");
    await expect(drill()).rejects.toThrow("< rows public.mails|51");
  });

  test("that failed suppresses success reports until one passes", { tags: "extended" }, async () => {
    pings.length = 0;
    await backup();
    expect(pings).toEqual([]);
    await drill();
    expect(pings).toEqual(["/ping"]);
    await drill();
    expect(pings).toEqual(["/ping"]);
  });

  test("reads a thirteenth of the off-site data each time, and fails on a flipped bit there", async () => {
    const [storing = ""] = (
      await docker("ps", "--quiet", "--filter", `publish=${new URL(storage.endpoint).port}`)
    ).split("\n");
    // Packs with folders are read each time, so it must be one with file data: the only large one.
    await inside("head -c 100000 /dev/urandom >/backup/files/pdfs/scan");
    await backup();
    const found = "find /data/objects -path '*/data/*' -type f -size +90k -exec basename {} ';'";
    const pack = await docker("exec", storing, "sh", "-c", found);
    expect(pack).toMatch(/^[0-9a-f]{64}$/);
    // Restic selects the parts by the first byte of a pack's name.
    const part = (Number.parseInt(pack.slice(0, 2), 16) % 13) + 1;
    const byte = (xor: number) =>
      docker(
        ...["exec", storing, "sh", "-euc"],
        `file=$(find /data/objects -path '*/data/*' -name ${pack}); byte=$(od -An -tu1 -j 20 -N 1 "$file")
        printf "\\\\$(printf %o $((byte ^ ${xor})))" | dd of="$file" bs=1 seek=20 conv=notrunc 2>/dev/null`,
      );
    const next = (number: number) => inside(`echo ${((number + 11) % 13) + 1} >/srv/backups/journal/offsite-part`);
    await byte(1);
    await next((part % 13) + 1);
    expect(await drill()).toContain("proven in");
    await next(part);
    await expect(drill()).rejects.toThrow("THE RESTORE DRILL FAILED");
    await byte(1);
    expect(await drill()).toContain("proven in");
  });
});

test("a changed passphrase opens the same backups, and the previous one opens none once it is removed", {
  tags: "extended",
}, async () => {
  const opens = (passphrase: string) =>
    Promise.all(
      [undefined, offsite].map((where) =>
        container.restic("--no-lock cat config", where, passphrase).then(
          () => true,
          () => false,
        ),
      ),
    );
  const learns = (passphrase: string) =>
    inside(`printf ${passphrase} | sh /opt/berth/backups.sh accept-passphrase 2>&1`);
  await learns("passphrase");
  await learns("of-a-release-that-failed");
  await learns("another");
  expect(await opens("another")).toEqual([true, true]);
  expect(await opens("passphrase")).toEqual([true, true]);
  const before = await container.run("snapshots");
  await inside("printf another >/run/secrets/passphrase");
  await container.run("drop-passphrases");
  // The schedule's next task when no backup is due.
  const said = await inside(`
    for part in notes journal repository ping keys dump backup offsite drill schedule; do . /opt/berth/$part.sh; done
    note slot "$(due_slot)"; with_lock backups back_up_when_due 2>&1`);
  expect(said).toContain("Only the current passphrase opens the backups.");
  expect(await opens("another")).toEqual([true, true]);
  expect(await opens("passphrase")).toEqual([false, false]);
  expect(await opens("of-a-release-that-failed")).toEqual([false, false]);
  expect(await container.run("snapshots")).toBe(before);
});

test("a stopping container waits for its own tasks, and not for another container's", async () => {
  const ends = (lock: string) =>
    inside(`
      flock ${lock} sleep 6 &
      rm -f /tmp/ready; sh /opt/berth/backups.sh keep >/dev/null 2>&1 &
      keeper=$!
      until [ -e /tmp/ready ]; do sleep 0.2; done
      began=$(date +%s); kill $keeper; wait $keeper || true; echo $(($(date +%s) - began))`);
  expect(Number(await ends("/srv/backups/backups.lock"))).toBeLessThan(3);
  expect(Number(await ends("/tmp/backups.lock"))).toBeGreaterThan(2);
});
