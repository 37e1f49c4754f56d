import { expect, test } from "vitest";
import { parseTargets } from "../../../components/alerts/targets";
import { validate } from "../../../components/settings/validate";
import { ownSettings } from "../../../settings";
import { defaultSettings } from "../../support/project";

test.each([
  "webhook https://ops.example.org/alerts",
  "webhook https://ops.example.org/alerts t0ken",
  "slack https://hooks.slack.com/services/T/B/x",
  "mattermost http://10.0.0.5/hooks/x",
  "discord https://discord.com/api/webhooks/1/x",
  "ntfy https://ntfy.sh/topic",
  "ntfy https://ntfy.example.org/topic tk_1",
  "telegram 123:AbC-d_e -100123",
  "telegram 123:AbC-d_e @channel https://telegram.example.org",
  "mail smtps://ada:p%40ss@smtp.example.org:465 berth@example.org ops@example.org,boss@example.org",
  "mail smtp://localhost berth@example.org ops@example.org",
  "ping https://hc-ping.com/uuid",
])("the target %s is accepted", (line) => {
  expect(parseTargets(`# who is on call\n\n  ${line.replace(" ", "\t ")}  \r\n`)).toEqual({
    value: `${line}\n`,
    problems: [],
  });
});

test.each([
  ["https://hooks.slack.com/secret", "line 1 begins with none of webhook, slack, mattermost, discord, ntfy"],
  ["slack hooks.slack.com/secret", 'line 1 is not of the form "slack https://hooks.slack.com/services/…"'],
  ["slack https://a.example/secret https://b.example", "line 1 is not of the form"],
  ["constructor https://a.example", "line 1 begins with none of"],
  ["telegram secret 1", 'line 1 is not of the form "telegram <token> <chat id>"'],
  ["mail smtps://secret@smtp.example.org ops@example.org", 'line 1 is not of the form "mail smtps://'],
  ["mail https://smtp.example.org a@example.org b@example.org", "line 1 is not of the form"],
  ['ntfy https://ntfy.sh/secret"', "line 1 is not of the form"],
  ["ping", 'line 1 is not of the form "ping https://hc-ping.com/<uuid>"'],
])("the target %s is refused without its secrets", (line, problem) => {
  const { problems } = parseTargets(line);
  expect(problems).toEqual([expect.stringContaining(problem)]);
  expect(problems.join()).not.toContain("secret");
});

test("all mistakes are named at once, and the setting must be a secret", () => {
  const raw = { ...defaultSettings(), alertsTo: "smoke signals\nping https://hc-ping.com/secret\nslack" };
  expect(validate(raw, new Set(["alertsTo"]), ownSettings).problems).toEqual([
    expect.stringMatching(
      /^alertsTo has a mistake: line 1 begins with none of .*\(pulumi config set --secret alertsTo …\)$/,
    ),
    expect.stringMatching(/^alertsTo has a mistake: line 3 is not of the form/),
  ]);
  const plain = { ...defaultSettings(), alertsTo: "ping https://hc-ping.com/secret" };
  expect(validate(plain, new Set(), ownSettings).problems).toEqual([expect.stringContaining("is in plain text")]);
});
