import { execaSync } from "execa";
import { expect, test } from "vitest";

/** What adopting the off-site backups prints, by the locks that are there after some seconds (`$slept`). */
function adopting(locks: string): string[] {
  const script = `
    OFFSITE=s3:https://s3.example.org/shop
    say() { echo "$1"; }
    last_error() { echo "no answer"; }
    sleep() { slept=$((slept + $1)); }
    query() { case "$2 $3" in "list locks") ${locks} ;; esac; }
    in_repository() { echo "$*"; }
    . components/data/backups/offsite.sh
    slept=0
    remove_locks_left || say "The off-site backups stay locked"
    [ "$slept" -le 330 ] || echo "slept $slept s"`;
  return execaSync("sh", ["-euc", script])
    .stdout.split("\n")
    .filter((line) => line !== "");
}

const WAITING =
  "A process of the earlier server has locked the off-site backups. Waiting up to six minutes to see whether it still runs.";

test.each<[string, string, string[]]>([
  ["no lock: nothing is waited for", "true", []],
  ["one that stays: it is removed", "echo aaa", [WAITING, "offsite unlock --quiet --remove-all"]],
  ["one that its process refreshes: it stays", '[ "$slept" -lt 300 ] && echo aaa || echo bbb', [WAITING]],
  ["one that its process removes: nothing more", '[ "$slept" -lt 60 ] && echo aaa || true', [WAITING]],
  ["one that stays beside another's: both stay", "echo aaa; [ $slept -lt 100 ] || echo bbb", [WAITING]],
])("a lock of an earlier server: %s", (_, locks, printed) => {
  expect(adopting(locks)).toEqual(printed);
});
