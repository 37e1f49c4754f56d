import * as pulumi from "@pulumi/pulumi";
import { parseTar } from "nanotar";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { isTunnelToken } from "../../../components";
import { ingressProblems, tunnelConfig } from "../../../components/edge/tunnel";
import { collecting, type Registered } from "../../support/mocks";

const TOKEN = Buffer.from(JSON.stringify({ a: "account", t: "tunnel", s: "c2VjcmV0" })).toString("base64");
const INGRESS = [
  { hostname: "antone.example.org", path: "^/api/", service: "http://backend-api:3001" },
  { hostname: "antone.example.org", service: "http://dashboard:3000" },
];

test("a tunnel takes internationalized names in the form of DNS, and refuses what is no host name", () => {
  const rule = { hostname: "*.bücher.example", service: "http://web:80" };
  expect(tunnelConfig([rule])).toContain('hostname: "*.xn--bcher-kva.example"');
  expect(ingressProblems([...INGRESS, rule])).toEqual([]);
  expect(ingressProblems([{ ...rule, hostname: "https://a.example" }])).toEqual([
    'ingress: "https://a.example" must be a host name without scheme or path, e.g. "www.example.org".',
  ]);
});

describe("a tunnel", () => {
  let registered: Registered[];
  beforeAll(async () => {
    registered = await collecting();
    await pulumi.runtime.runInPulumiStack(async () => {
      const { Network, stack, Tunnel } = await import("../../../components/index.js");
      stack({ settings: {} }, (stack) => {
        const networks = [new Network("network", { stack })];
        new Tunnel("cloudflared", { networks, token: pulumi.secret(TOKEN), ingress: INGRESS });
      });
      return {};
    });
    await vi.waitFor(() => inputs("Command", "cloudflared-started"), { timeout: 20_000 });
  });

  const inputs = (kind: string, name: string) => {
    const found = registered.find((one) => one.type.endsWith(`:${kind}`) && one.name === name);
    if (!found) throw new Error(`no ${kind} ${name}`);
    return found;
  };

  test("gets its token and rules as files that only its user can read", () => {
    const gate = inputs("Command", "cloudflared-started");
    expect(gate.secrets).toContain("stdin");
    const files = String(gate.inputs["stdin"])
      .trim()
      .split("\n")
      .flatMap((line) => {
        const [folder, archive = ""] = line.split(" ");
        return parseTar(new Uint8Array(Buffer.from(archive, "base64"))).map(({ name, text, attrs }) => [
          `${folder}/${name}`,
          text,
          attrs?.mode,
        ]);
      });
    expect(files).toEqual([
      ["/etc/cloudflared/config.yml", tunnelConfig(INGRESS), "0000400"],
      ["/run/secrets/tunnel-token", TOKEN, "0000400"],
    ]);
  });

  test("has the token nowhere else, and reports its connection through the health check", () => {
    const { command, envs, healthcheck } = inputs("Container", "cloudflared").inputs as Record<string, unknown>;
    expect(command).toEqual(
      "tunnel --config /etc/cloudflared/config.yml --metrics 127.0.0.1:20241 run --token-file /run/secrets/tunnel-token".split(
        " ",
      ),
    );
    expect(envs).toEqual([]);
    expect(healthcheck).toMatchObject({
      tests: ["CMD", "cloudflared", "tunnel", "--metrics", "127.0.0.1:20241", "ready"],
    });
  });
});

test("the ingress rules end with a catch-all rule that answers 404", () => {
  expect(tunnelConfig(INGRESS)).toBe(`ingress:
  - hostname: antone.example.org
    path: ^/api/
    service: http://backend-api:3001
  - hostname: antone.example.org
    service: http://dashboard:3000
  - service: http_status:404
`);
});

test.each([
  [TOKEN, true],
  ["", false],
  ["eyJhIjoi", false],
  [Buffer.from('{"a":"account","t":"tunnel"}').toString("base64"), false],
  ["my-token", false],
])("whether %j is a valid token: %s", (text, expected) => {
  expect(isTunnelToken(text)).toBe(expected);
});
