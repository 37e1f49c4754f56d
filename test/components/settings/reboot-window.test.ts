import { expect, test } from "vitest";
import { parseRebootWindow } from "../../../components/settings/reboot-window";

test.each([
  ["03:00-05:00", "*-*-* 03:00:00 UTC", 7200],
  ["Sun,Wed 23:30-00:30 Europe/Berlin", "Sun,Wed *-*-* 23:30:00 Europe/Berlin", 3600],
])("%s is a window", (text, begin, seconds) => {
  expect(parseRebootWindow(text)).toEqual({ value: { begin, seconds }, problems: [] });
});

test.each([
  ["03:00", "is not a window such as"],
  ["Someday 03:00-05:00", "is not a window such as"],
  ["25:00-26:00", "is not a window such as"],
  ["03:00-05:00 Mars/Olympus", "Mars/Olympus is not a time zone"],
  ["03:00-03:10", "shorter than 15 minutes"],
  ["03:00-03:00", "shorter than 15 minutes"],
])("%s is none", (text, problem) => {
  expect(parseRebootWindow(text)).toEqual({ problems: [expect.stringContaining(problem)] });
});
