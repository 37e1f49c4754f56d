import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attempt, onServer } from "../../../components/remote/run.mts";
import { FakeServer } from "../../support/fake-server";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.write("etc/machine-id", "abc\n");
  server.program(
    "journalctl",
    `case "$*" in *--field=*) printf 'systemd-journald\\nbackend/shop-prod-backend-1-a\\nback/shop-prod-back-b\\n' ;; *) seq 5 ;; esac`,
  );
  server.program(
    "docker",
    'case "$*" in version*) echo 28 ;; ps*"label=berth.service=gone"*) ;; ps*) echo 1 ;; inspect*) echo "container 1 /shop-prod-back-b back " ;; esac',
  );
});
afterEach(() => server.remove());

const JOURNAL = "berth-shop-prod";

describe("journal-log.sh", () => {
  const log = (service: string) =>
    onServer(server.place, "journal-log.sh", { words: [JOURNAL, service, "3", "--since=@7", "--grep=\\Qa b\\E"] });

  test("reads the newest lines of one service, whose containers it finds by their identifiers", async () => {
    expect(await log("back")).toBe("1\n2\n3\n");
    expect(server.calls(/--reverse/)).toEqual([
      `journalctl --namespace=${JOURNAL} --quiet --output=json --all --output-fields=MESSAGE,SYSLOG_IDENTIFIER --reverse --since=@7 --grep=\\Qa b\\E --identifier=back/shop-prod-back-b`,
    ]);
  });

  test("reads all services, without the messages of journald itself", async () => {
    await log("");
    expect(server.calls(/--reverse/)[0]).toMatch(
      /--identifier=backend\/shop-prod-backend-1-a --identifier=back\/shop-prod-back-b$/,
    );
  });

  test("prints nothing for a service without lines, instead of all lines", async () => {
    expect(await log("bac")).toBe("");
  });
});

describe("containers-of.sh", () => {
  const sources = (service: string) => attempt(server.place, "containers-of.sh", { words: [JOURNAL, service] });

  test("lists the containers of a service where there is no journal", async () => {
    expect(await sources("back")).toMatchObject({
      status: 0,
      stdout: "journal none\ncontainer 1 /shop-prod-back-b back \n",
    });
  });

  test("names the services if there is no container", async () => {
    expect(await sources("gone")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("There is no container gone of the stack prod."),
    });
  });
});
