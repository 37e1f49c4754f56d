import { expect, test } from "vitest";
import { asText, parseJobs } from "../../../../components/cli/cron/list.mts";

const at = (time: string) => Date.parse(`2026-11-${time}Z`) / 1000;
const base64 = (text: string) => Buffer.from(text).toString("base64");
const idle = { next: null, running: [], last: null, good: null, missed: null, skipped: null };
const line = (name: string, state: string, schedule: string, status?: object) =>
  `${name} ${state} ${base64(schedule)} ${status ? base64(JSON.stringify(status)) : ""}`;

const digest = line("digest", "running", "0 7 * * mon-fri Europe/Berlin", {
  next: at("30T06:00:00"),
  running: [],
  last: { began: at("27T06:00:00"), ended: at("27T06:00:04"), code: 0, kind: "scheduled", ending: "succeeded" },
  good: at("27T06:00:04"),
  missed: null,
  skipped: null,
});

test("a job has its schedule as written, and its times in UTC", () => {
  expect(parseJobs(`${digest}\n`)).toEqual([
    {
      name: "digest",
      schedule: "0 7 * * mon-fri",
      timeZone: "Europe/Berlin",
      state: "running",
      next: "2026-11-30T06:00:00.000Z",
      running: [],
      last: {
        began: "2026-11-27T06:00:00.000Z",
        ended: "2026-11-27T06:00:04.000Z",
        code: 0,
        kind: "scheduled",
        ending: "succeeded",
      },
      lastSuccess: "2026-11-27T06:00:04.000Z",
      missed: null,
      skipped: null,
    },
  ]);
});

test("during a release, the newest container of a job counts", () => {
  const jobs = parseJobs([line("digest", "running", "@daily UTC", idle), digest].join("\n"));
  expect(jobs.map(({ name, schedule }) => [name, schedule])).toEqual([["digest", "@daily"]]);
});

test("the table says what the last run was, what runs now, and why none is next", () => {
  const last = { began: at("27T06:00:00"), ended: at("27T06:00:04"), code: 3, kind: "manual", ending: "failed" };
  const text = asText(
    parseJobs(
      [
        line("fails", "running", "@daily UTC", { ...idle, next: at("28T00:00:00"), last }),
        line("late", "running", "@daily UTC", { ...idle, last: { ...last, kind: "made-up", ending: "timed-out" } }),
        line("new", "running", "@daily UTC", idle),
        line("off", "exited", "@daily UTC"),
        line("works", "running", "@daily UTC", {
          ...idle,
          running: [{ began: at("27T20:00:00"), kind: "scheduled" }],
          last,
        }),
      ].join("\n"),
    ),
  );
  expect(text.split("\n").map((row) => row.split(/ {2,}/))).toEqual([
    ["JOB", "SCHEDULE", "TIME ZONE", "LAST RUN (UTC)", "RESULT", "NEXT RUN (UTC)"],
    ["fails", "@daily", "UTC", "2026-11-27 06:00", "failed (3), by hand", "2026-11-28 00:00"],
    ["late", "@daily", "UTC", "2026-11-27 06:00", "took too long, made up"],
    ["new", "@daily", "UTC", "has not run yet"],
    ["off", "@daily", "UTC", "has not run yet", "none: its container is exited"],
    ["works", "@daily", "UTC", "2026-11-27 06:00", "running since 2026-11-27 20:00; before: failed (3), by hand"],
  ]);
});

test("a stack without scheduled jobs says so", () => {
  expect(asText(parseJobs(""))).toBe("The stack has no scheduled job.");
});
