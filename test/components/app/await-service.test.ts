import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withPreamble } from "../../../components/model/preamble";
import { writeProgram } from "../../support/fake-ssh";

const SCRIPT = withPreamble(readFileSync("components/app/scripts/await-service.sh", "utf8"));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-service-"));
  // The file `tasks` has the tasks after the start, `before` those of an earlier attempt, `old` those of another service.
  writeProgram(
    folder,
    "docker",
    `cd ${folder}
echo "$*" >>calls
touch before tasks old others
case "$*" in
  *"{{.ID}} {{.DesiredState}} web") cut -d ' ' -f 1,2 before ;;
  *"Replicas}} web") cat replicas 2>/dev/null || echo 0 ;;
  *"{{.ID}} {{.DesiredState}}"*web) cat before; [ ! -e started ] || cat tasks ;;
  "service scale --detach web=0") rm -f started ;;
  "service scale --detach web="*) touch started ;;
  "service scale --detach old=0") : >old ;;
  "service ls"*) cat others ;;
  "service inspect --format {{.ID}} "*) echo "$5" ;;
  *"{{.Node}} {{.CurrentState}} old") cat old ;;
  "node inspect"*) echo ready ;;
  "service ps"*Error*) echo "web.1 on gamma: Failed no such image" ;;
  "service logs"*) echo "no such engine: warp" ;;
esac`,
  );
  writeProgram(folder, "sleep", "");
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (file: string, text: string) => writeFileSync(join(folder, file), text);

function awaitService({ replicas = 2, seconds = 5, failing = "stop", replaces = "" } = {}) {
  const words = ["web", "shop", "prod", String(replicas), String(seconds), failing, "0", replaces];
  const { exitCode, stderr } = execaSync("sh", ["-c", SCRIPT, "sh", ...words], {
    env: { PATH: `${folder}:${process.env["PATH"]}` },
    reject: false,
  });
  const calls = readFileSync(join(folder, "calls"), "utf8").split("\n");
  return { exitCode, stderr, scaled: calls.filter((call) => call.startsWith("service scale")) };
}

test("a service whose containers all run is healthy, whatever became of an earlier attempt's", () => {
  write("before", "t0 Shutdown Failed 1 minute ago\n");
  write("tasks", "t1 Running Running 1 second ago\nt2 Running Running 2 seconds ago\n");
  expect(awaitService()).toMatchObject({ exitCode: 0, scaled: ["service scale --detach web=2"] });
});

test("a serving service that somebody has scaled gets its number back, and keeps what it has if that fails", () => {
  write("replicas", "1\n");
  write("before", "t0 Shutdown Shutdown 1 minute ago\nt1 Running Running 1 hour ago\n");
  write("tasks", "t2 Running Running 1 second ago\n");
  expect(awaitService()).toMatchObject({ exitCode: 0, scaled: ["service scale --detach web=2"] });
  write("calls", "");
  write("tasks", "t2 Shutdown Failed 1 second ago\n");
  expect(awaitService()).toMatchObject({
    exitCode: 1,
    scaled: ["service scale --detach web=2", "service scale --detach web=1"],
  });
});

test("a container that ends fails the release at once, with its reason and its log; the service is stopped", () => {
  write("tasks", "t1 Running Running 1 second ago\nt2 Shutdown Failed 1 second ago\n");
  const { exitCode, stderr, scaled } = awaitService({ seconds: 60 });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("does not run.");
  expect(stderr).toContain("web.1 on gamma: Failed no such image");
  expect(stderr).toContain("  | no such engine: warp");
  expect(stderr).toContain("The previous version still serves.");
  expect(scaled).toEqual(["service scale --detach web=2", "service scale --detach web=0"]);
});

test("a service that does not become healthy fails after its timeout", () => {
  write("tasks", "t1 Running Running 1 second ago\nt2 Running Starting 1 second ago\n");
  const { exitCode, stderr } = awaitService({ seconds: 1 });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("is not healthy after 1 s.");
});

test("a single one starts after the old service has stopped, and keeps running if it fails", () => {
  write("others", "web\nold\n");
  write("old", "beta Running 1 hour ago\n");
  write("tasks", "t1 Shutdown Failed 1 second ago\n");
  const { exitCode, scaled } = awaitService({ replicas: 1, failing: "keep", replaces: "beat" });
  expect(exitCode).toBe(1);
  expect(scaled).toEqual(["service scale --detach old=0", "service scale --detach web=1"]);
});
