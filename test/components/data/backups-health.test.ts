import { execaSync } from "execa";
import { expect, test } from "vitest";

/** What a command of the backup container prints, with notes of its journal by name. */
function reported(offsite: string, notes: Record<string, string>, command = "status"): string {
  const cases = Object.entries(notes).map(([name, text]) => `${name}) echo "${text}" ;;`);
  const script = `
    read_note() { case $1 in ${cases.join(" ")} esac; }
    ago() { echo "5 min"; }
    . components/data/backups/health.sh
    ${command}`;
  return execaSync("sh", ["-euc", script], { env: { OFFSITE: offsite } }).stdout;
}

test("backups without an off-site copy say so, and what to set", () => {
  const said = reported("", { good: "1700000000 aaaaaaaa" });
  expect(said).toContain("Last good backup: aaaaaaaa, 5 min ago");
  expect(said).toMatch(/^Off-site: no copy, .*backupS3Endpoint/m);
});

test("backups with off-site storage say when they were copied", () => {
  expect(reported("s3:https://s3.example.org/antone", { offsite: "1700000000" })).toMatch(
    /^Off-site: copied 5 min ago$/m,
  );
  expect(reported("s3:https://s3.example.org/antone", {})).toMatch(/^Off-site: nothing copied yet$/m);
});

test("the times of backup, copy and drill are those that there have been", () => {
  const notes = { good: "1700000000 aaaaaaaa", drill: "1690000000 bbbbbbbb" };
  expect(reported("", notes, "moments")).toBe("good 1700000000\ndrill 1690000000");
  expect(reported("", {}, "moments")).toBe("");
});
