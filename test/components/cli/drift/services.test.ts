import { describe, expect, test } from "vitest";
import { compare } from "../../../../components/cli/drift/compare.mts";
import { deployedOnEach } from "../../../../components/cli/drift/deployed.mts";
import { actionsOf } from "../../../../components/cli/drift/findings.mts";
import { observedFrom } from "../../../../components/cli/drift/observed.mts";
import { report } from "../../../../components/cli/drift/report.mts";
import { parseState } from "../../../../components/model/state";

const ID = "s3rv1ce0000000000000000ab";
const URN = "urn:pulumi:prod::portal";
const SERVICE = `${URN}::berth:app:WebService$docker:index/service:Service::app`;
const GATE = `${URN}::berth:app:WebService$command:local:Command::app-healthy`;
const LABELS = { "berth.project": "portal", "berth.stack": "prod", "berth.service": "app" };
const labels = Object.entries(LABELS).map(([label, value]) => ({ label, value }));
const provider = (name: string) => `${URN}::berth:host:Server$pulumi:providers:docker::${name}::1`;
const server = (name: string) => ({
  urn: `${URN}::berth:host:Server::${name}`,
  type: "berth:host:Server",
  outputs: { reach: `ssh ${name}` },
});

/** The state of a stack on two servers, with a service, and nginx on the second server. */
function state({ gate = true } = {}) {
  const containerSpec = {
    image: "registry.test/portal/app@sha256:ab",
    args: ["serve"],
    env: { WORKERS: "4" },
    user: "10001:10001",
    readOnly: true,
    capDrops: ["ALL"],
    capAdds: [],
    mounts: [{ type: "tmpfs", target: "/tmp", tmpfsOptions: { mode: 511, sizeBytes: 16 } }],
    healthcheck: { tests: ["CMD", "ok"], interval: "5s", timeout: "5s", startPeriod: "1s", retries: 10 },
    stopGracePeriod: "1m15s",
    secrets: [{ secretId: "key1", secretName: "app-key-1", fileName: "/run/secrets/key", fileUid: "10001" }],
    labels,
  };
  const inputs = {
    name: "app-1a2b3c",
    labels,
    taskSpec: {
      containerSpec,
      resources: { limits: { memoryBytes: 512 * 1024 * 1024, nanoCpus: 1e9 } },
      placement: { constraints: ["node.labels.berth.portal-prod==true"] },
      networksAdvanceds: [{ id: "net1", aliases: ["app"] }],
      logDriver: { name: "json-file", options: { "max-size": "10m" } },
    },
  };
  const resources = [
    { urn: `${URN}::stack`, type: "pulumi:pulumi:Stack", outputs: { url: "https://portal.test" } },
    server("server"),
    server("server-beta"),
    {
      urn: `${URN}::network`,
      type: "docker:index/network:Network",
      id: "net1",
      provider: provider("server"),
      inputs: { name: "portal-prod-front", driver: "overlay", labels },
    },
    { urn: SERVICE, type: "docker:index/service:Service", id: ID, provider: provider("server"), inputs },
    ...(gate ? [{ urn: GATE, type: "command:local:Command", id: "g", inputs: { triggers: [ID, "3"] } }] : []),
    {
      urn: `${URN}::nginx-beta`,
      type: "docker:index/container:Container",
      id: "c1",
      provider: provider("server-beta"),
      inputs: { name: "portal-prod-nginx-beta" },
    },
    { urn: `${URN}::gate-beta`, type: "command:local:Command", id: "h", inputs: { triggers: ["c1", "100"] } },
  ];
  return deployedOnEach(parseState(JSON.stringify({ deployment: { resources } })));
}

/** What `docker service inspect` prints. */
function inspect({ replicas = 3, env = ["WORKERS=4"], image = "registry.test/portal/app@sha256:ab" } = {}) {
  return {
    ID,
    Spec: {
      Name: "app-1a2b3c",
      Labels: LABELS,
      Mode: { Replicated: { Replicas: replicas } },
      EndpointSpec: { Mode: "dnsrr" },
      TaskTemplate: {
        ContainerSpec: {
          Image: image,
          Args: ["serve"],
          Env: env,
          User: "10001:10001",
          ReadOnly: true,
          CapabilityDrop: ["ALL"],
          Labels: LABELS,
          Mounts: [{ Type: "tmpfs", Target: "/tmp", TmpfsOptions: { SizeBytes: 16, Mode: 511 } }],
          Healthcheck: { Test: ["CMD", "ok"], Interval: 5e9, Timeout: 5e9, StartPeriod: 1e9, Retries: 10 },
          StopGracePeriod: 75e9,
          Secrets: [{ SecretID: "key1", SecretName: "app-key-1", File: { Name: "/run/secrets/key", UID: "10001" } }],
        },
        Resources: { Limits: { MemoryBytes: 512 * 1024 * 1024, NanoCPUs: 1e9 } },
        Placement: { Constraints: ["node.labels.berth.portal-prod==true"] },
        Networks: [{ Target: "net1", Aliases: ["app"] }],
        LogDriver: { Name: "json-file", Options: { "max-size": "10m" } },
      },
    },
  };
}

const NETWORK = { Id: "net1", Name: "portal-prod-front", Driver: "overlay", Internal: false, Labels: LABELS };
const line = (kind: string, object: unknown) => `${kind} ${JSON.stringify(object)}`;

function found(services: unknown[], options = {}) {
  const [home] = state(options);
  const printed = [line("network", NETWORK), ...services.map((one) => line("service", one))].join("\n");
  const findings = compare(home, observedFrom(printed));
  return { text: report(findings), actions: actionsOf(findings) };
}

describe("a service of the Swarm", () => {
  test("is no drift as it was deployed", () => {
    expect(found([inspect()]).text).toBe("");
  });

  test("that was removed by hand is created again", () => {
    expect(found([])).toMatchObject({
      text: "Service app (app-1a2b3c):\n  - missing",
      actions: { replace: [SERVICE] },
    });
  });

  test("that was scaled by hand gets its number of containers back", () => {
    const { text, actions } = found([inspect({ replicas: 1 })]);
    expect(text).toBe("Service app (app-1a2b3c):\n  - number of containers: is 1, deployed as 3");
    expect(actions.replace).toEqual([GATE]);
  });

  test("that was changed by hand is replaced, and a value that may be secret is not shown", () => {
    const { text, actions } = found([inspect({ image: "app:latest", env: ["WORKERS=4", "API_KEY=hidden"] })]);
    expect(text).toContain("image: is app:latest, deployed as registry.test/portal/app@sha256:ab");
    expect(text).toContain("environment API_KEY: not deployed, is another value, not shown");
    expect(text).not.toContain("hidden");
    expect(actions.replace).toEqual([SERVICE]);
  });

  test("whose release did not complete is left to the next `up`", () => {
    const { text, actions } = found([inspect({ replicas: 0 })], { gate: false });
    expect(text).toContain("its release did not complete");
    expect(actions.replace).toEqual([]);
  });
});

describe("another server of the stack", () => {
  test("is compared with what was deployed there, and its name is said", () => {
    const [, beta] = state();
    const findings = compare(beta as NonNullable<typeof beta>, observedFrom(line("network", NETWORK)));
    expect(report(findings)).toBe("Container nginx-beta (portal-prod-nginx-beta) on beta:\n  - missing");
  });
});
