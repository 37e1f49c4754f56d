import { describe, expect, test } from "vitest";
import { asJson, parseEntry, parseLine, render } from "../../../../components/cli/logs/line.mts";
import { dockerOptions, journalOptions } from "../../../../components/cli/logs/selection.mts";
import { parseSources } from "../../../../components/cli/logs/sources.mts";

const PLACE = { sshPrefix: "", project: "shop", stack: "prod" };
const entry = (message: unknown) =>
  JSON.stringify({
    __REALTIME_TIMESTAMP: "1795815547398287",
    __CURSOR: "s=1;i=3",
    SYSLOG_IDENTIFIER: "backend/shop-prod-backend-1-a1b2c3d",
    MESSAGE: message,
  });

describe("a line of the logs", () => {
  test("comes from the journal with its service and container, and its place", () => {
    expect(parseEntry(PLACE, entry("GET /"))).toEqual({
      time: "2026-11-27T21:39:07.398287000Z",
      service: "backend",
      container: "backend-1-a1b2c3d",
      text: "GET /",
      cursor: "s=1;i=3",
    });
  });

  test.each([
    [[71, 114, 195, 188, 195, 159, 101, 27], "Grüße\u001b"],
    [[255], "\ufffd"],
    [null, ""],
  ])("may have any bytes: %j", (message, text) => {
    expect(parseEntry(PLACE, entry(message)).text).toBe(text);
  });

  test("comes from Docker with its own time", () => {
    const source = { service: "db", container: "db-1" };
    expect(parseLine(source, "2026-11-27T21:39:07.5Z ready to accept")).toEqual({
      ...source,
      time: "2026-11-27T21:39:07.5Z",
      text: "ready to accept",
    });
    expect(parseLine(source, "2026-11-27T21:39:07.5Z").text).toBe("");
  });

  test("is shown with its time in seconds, or as JSON", () => {
    const line = parseEntry(PLACE, entry('say "hi"'));
    expect(render(line, 20)).toBe('2026-11-27T21:39:07Z backend-1-a1b2c3d    | say "hi"');
    expect(JSON.parse(asJson(line))).toEqual({
      time: "2026-11-27T21:39:07.398287000Z",
      service: "backend",
      container: "backend-1-a1b2c3d",
      text: 'say "hi"',
    });
  });
});

describe("the sources of the logs", () => {
  const JOURNALED = "unixgram:///run/systemd/journal.berth-shop-prod/dev-log";
  const printed = (access: string) =>
    `journal ${access}\ncontainer 1 /shop-prod-backend-1-a backend ${JOURNALED}\ncontainer 2 /shop-prod-db-b db \n`;

  test("are the journal, and the containers that do not log to it", () => {
    expect(parseSources(PLACE, printed("readable"))).toEqual({
      place: PLACE,
      journal: "berth-shop-prod",
      unreadable: false,
      containers: [{ id: "2", container: "db-b", service: "db" }],
    });
  });

  test.each([
    ["none", false],
    ["unreadable", true],
  ])("are all containers if the journal is %s", (access, unreadable) => {
    const sources = parseSources(PLACE, printed(access));
    expect(sources).toMatchObject({ journal: undefined, unreadable });
    expect(sources.containers.map(({ id }) => id)).toEqual(["1", "2"]);
  });
});

describe("a selection of lines", () => {
  const since = new Date("2026-11-27T12:00:00.500Z");

  test("has a begin and an end for the journal and for Docker", () => {
    const selection = { since, until: new Date("2026-11-27T13:00:00Z") };
    expect(journalOptions(selection)).toEqual(["--since=@1795780800.5", "--until=@1795784400"]);
    expect(dockerOptions(selection)).toEqual([
      ...["--since", "2026-11-27T12:00:00.500Z"],
      ...["--until", "2026-11-27T13:00:00.000Z"],
    ]);
    expect([...journalOptions({}), ...dockerOptions({})]).toEqual([]);
  });

  test("takes a text as it is, not as a regular expression", () => {
    expect(journalOptions({ text: "(a|b)" })).toEqual(["--grep=\\Q(a|b)\\E", "--case-sensitive=yes"]);
    expect(journalOptions({ text: "a\\Eb" })[0]).toBe("--grep=\\Qa\\E\\\\E\\Qb\\E");
  });
});
