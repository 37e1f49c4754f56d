import { expect, test } from "vitest";
import { areSeveral, settingsOfEach } from "../../../../components/cli/doctor/servers.mts";
import type { Settings } from "../../../../components/cli/doctor/settings.mts";
import { requiredPorts } from "../../../../components/cli/doctor/target.mts";
import { withDefaults } from "../../../../components/settings/setting";
import { standardSettings } from "../../../../components/settings/standard";

const KEY = `ssh-ed25519 ${"A".repeat(68)}`;

function settings(values: Record<string, string>): Settings {
  const toolPorts = { postgresPort: 5432 };
  const all = withDefaults(values, standardSettings);
  return { file: "Pulumi.prod.yaml", exists: true, values: all, secrets: [], problems: [], toolPorts };
}

test("a stack on one server has its settings as they are", () => {
  const one = settings({ serverHost: "203.0.113.7" });
  expect(areSeveral(one)).toBe(false);
  expect(settingsOfEach(one)).toEqual([{ name: "", settings: one }]);
});

test("each of several servers is checked with its own address and ports, the one with the data first", () => {
  const servers = {
    alpha: { host: "203.0.113.1", hostKey: KEY, roles: ["edge"], port: 2222, user: "deploy" },
    beta: { host: "203.0.113.2", hostKey: KEY, roles: ["data", "edge"] },
    gamma: { host: "203.0.113.3", hostKey: KEY },
  };
  const several = settings({ servers: JSON.stringify(servers), tls: "own", httpPort: "80", httpsPort: "443" });
  expect(areSeveral(several)).toBe(true);
  const each = settingsOfEach(several).map(({ name, settings: own }) => {
    const { serverHost, serverPort, serverUser } = own.values;
    return [name, serverHost, serverPort, serverUser, requiredPorts(own).map(({ port }) => port)];
  });
  expect(each).toEqual([
    ["", "203.0.113.2", "22", "root", [80, 443, 5432]],
    ["alpha", "203.0.113.1", "2222", "deploy", [80, 443]],
    ["gamma", "203.0.113.3", "22", "root", []],
  ]);
});
