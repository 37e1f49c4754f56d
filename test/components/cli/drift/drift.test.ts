import { describe, expect, test } from "vitest";
import { packFiles, packFolders } from "../../../../components/app/files";
import { compare } from "../../../../components/cli/drift/compare.mts";
import { deployedOnEach } from "../../../../components/cli/drift/deployed.mts";
import { actionsOf } from "../../../../components/cli/drift/findings.mts";
import { observedFrom } from "../../../../components/cli/drift/observed.mts";
import { report } from "../../../../components/cli/drift/report.mts";
import { parseState } from "../../../../components/model/state";

const ID = "c1".repeat(32);
const NETWORK = "d2".repeat(32);
const IMAGE = `sha256:${"e3".repeat(32)}`;
const URN = "urn:pulumi:test::mailtracker";
const CONTAINER = `${URN}::berth:app:WebService$docker:index/container:Container::backend-1`;
const GATE = `${URN}::berth:app:WebService$command:local:Command::backend-1-healthy`;
const SECRET = { "/run/secrets/key": "a very secret key" };
const LABELS = { "berth.project": "mailtracker", "berth.stack": "test", "berth.service": "backend" };
const SETTINGS = {
  "live-restore": true,
  "no-new-privileges": true,
  "log-opts": { "max-size": "10m", "max-file": "3" },
};
const DROP_IN = "[Service]\nExecStartPost=-/bin/true\n";

type Plain = Record<string, unknown>;

interface StateOptions {
  more?: Plain[];
  gate?: boolean;
  url?: string;
  /** Arguments that the container does not have. */
  without?: string[];
  /** More of its arguments. */
  and?: Plain;
  /** Folders that its gate creates in volumes. */
  folders?: string[];
}

/** A state with one resource of each kind, as Pulumi exports it. */
function state({ more = [], gate = true, url = "http://test", without = [], and, folders = [] }: StateOptions = {}) {
  const server = `${URN}::berth:host:Server::server`;
  const labels = Object.entries(LABELS).map(([label, value]) => ({ label, value }));
  const stdin = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(packFolders(folders, "10001:10001") + packFiles(SECRET, "10001:10001")),
  };
  const resources = [
    { urn: `${URN}::stack`, type: "pulumi:pulumi:Stack", outputs: url ? { url } : {} },
    {
      urn: server,
      type: "berth:host:Server",
      outputs: { reach: "ssh host", engine: { settings: SETTINGS, dropIn: DROP_IN } },
    },
    { urn: `${URN}::server-prepared`, type: "command:local:Command", parent: server, inputs: {} },
    {
      urn: `${URN}::network`,
      type: "docker:index/network:Network",
      id: NETWORK,
      inputs: { name: "mailtracker-test-front", driver: "bridge", internal: false, labels },
    },
    {
      urn: `${URN}::volume`,
      type: "docker:index/volume:Volume",
      id: "mailtracker-test-pdfs",
      inputs: { name: "mailtracker-test-pdfs", labels },
    },
    {
      urn: `${URN}::image`,
      type: "docker:index/remoteImage:RemoteImage",
      id: "image",
      provider: `${URN}::berth:host:Server$pulumi:providers:docker::server::1`,
      inputs: { name: "mailtracker/backend:1" },
      outputs: { imageId: IMAGE },
    },
    {
      urn: CONTAINER,
      type: "docker:index/container:Container",
      id: ID,
      inputs: leaving(without, {
        name: "mailtracker-test-backend-1-a1b2c3",
        image: "mailtracker/backend:1",
        command: ["serve"],
        envs: ["WORKERS=4"],
        labels,
        user: "10001:10001",
        memory: 512,
        memorySwap: 512,
        cpus: "1.0",
        restart: "unless-stopped",
        networkMode: "bridge",
        networksAdvanced: [{ name: "mailtracker-test-front", aliases: ["backend"] }],
        mounts: [{ type: "volume", source: "mailtracker-test-pdfs", target: "/pdfs", readOnly: false }],
        volumes: [{ containerPath: "/run/secrets" }],
        tmpfs: { "/tmp": "size=16m" },
        capabilities: { adds: ["CAP_CHOWN"], drops: ["ALL"] },
        securityOpts: ["no-new-privileges"],
        healthcheck: { tests: ["CMD", "ok"], interval: "1m15s", timeout: "5s", startPeriod: "1s", retries: 5 },
        logDriver: "json-file",
        logOpts: { "max-size": "10m" },
        readOnly: true,
        destroyGraceSeconds: 45,
        ...and,
      }),
    },
    ...(gate ? [{ urn: GATE, type: "command:local:Command", id: "g", inputs: { triggers: [ID, "100"], stdin } }] : []),
    ...more,
  ];
  return deployedOnEach(parseState(JSON.stringify({ deployment: { resources } })))[0];
}

/** An object without these fields. */
function leaving(fields: string[], all: Plain): Plain {
  return Object.fromEntries(Object.entries(all).filter(([field]) => !fields.includes(field)));
}

/** That container as `docker inspect` shows it. */
const CONFIG = {
  Image: "mailtracker/backend:1",
  Env: ["PATH=/bin", "WORKERS=4"],
  Cmd: ["serve"],
  Entrypoint: ["/entrypoint"],
  Labels: LABELS as Record<string, string>,
  User: "10001:10001",
  Healthcheck: { Test: ["CMD", "ok"], Interval: 75e9, Timeout: 5e9, StartPeriod: 1e9, Retries: 5 },
};
const HOST = {
  Memory: 512 * 1024 * 1024,
  MemorySwap: 512 * 1024 * 1024,
  NanoCpus: 1e9,
  PidsLimit: 100,
  RestartPolicy: { Name: "unless-stopped" },
  NetworkMode: "bridge",
  ReadonlyRootfs: true,
  Privileged: false,
  CapAdd: ["CHOWN"],
  CapDrop: ["ALL"],
  SecurityOpt: ["no-new-privileges"],
  Tmpfs: { "/tmp": "size=16m" },
  ShmSize: 64 * 1024 * 1024,
  LogConfig: { Type: "json-file", Config: { "max-size": "10m" } },
  PortBindings: {},
};
const INSPECTED = {
  Id: ID,
  Name: "/mailtracker-test-backend-1-a1b2c3",
  Image: IMAGE,
  State: { Status: "running", ExitCode: 0 },
  Config: CONFIG,
  HostConfig: HOST,
  Mounts: [
    { Type: "volume", Name: "mailtracker-test-pdfs", Source: "/var/lib/…", Destination: "/pdfs", RW: true },
    { Type: "volume", Name: "f4".repeat(32), Source: "/var/lib/…", Destination: "/run/secrets", RW: true },
    { Type: "volume", Name: "a5".repeat(32), Source: "/var/lib/…", Destination: "/cache", RW: true },
  ],
  NetworkSettings: { Networks: { "mailtracker-test-front": { Aliases: ["backend", ID.slice(0, 12)] } } },
};
const NETWORK_THERE = {
  Id: NETWORK,
  Name: "mailtracker-test-front",
  Driver: "bridge",
  Internal: false,
  Labels: LABELS,
};
const VOLUME_THERE = { Name: "mailtracker-test-pdfs", Driver: "local", Labels: LABELS as Record<string, string> };
const IMAGE_THERE = {
  Id: IMAGE,
  RepoTags: ["mailtracker/backend:1"],
  RepoDigests: [],
  Config: {
    Env: ["PATH=/bin"],
    Cmd: ["help"],
    Entrypoint: ["/entrypoint"],
    Labels: null,
    User: "",
    Volumes: { "/tmp": {}, "/pdfs": {}, "/cache": {} },
  },
};
// sha256 of the secret above.
const FILE = `file ${ID} ad8c06c5382ac5fc554bf63c7247f8247acbdbdf5d80fc2123ed9208a002f46f  - 0400 10001:10001 /run/secrets/key`;

interface There {
  containers?: Plain[];
  networks?: Plain[];
  volumes?: Plain[];
  images?: Plain[];
  file?: string;
  settings?: string;
  dropIn?: string;
  /** Further lines, about the engine. */
  engine?: string[];
}

/** Output of look.sh, by default without drift. */
function there(other: There = {}) {
  const lines = (kind: string, things: Plain[]) => things.map((thing) => `${kind} ${JSON.stringify(thing)}`);
  return observedFrom(
    [
      ...lines("container", other.containers ?? [INSPECTED]),
      ...lines("network", other.networks ?? [NETWORK_THERE, NETWORK_THERE]),
      ...lines("volume", other.volumes ?? [VOLUME_THERE]),
      ...lines("image", other.images ?? [IMAGE_THERE]),
      other.file ?? FILE,
      `settings ${other.settings ?? JSON.stringify({ ...SETTINGS, proxies: { "http-proxy": "http://u:p@proxy" } })}`,
      `dropin ${Buffer.from(other.dropIn ?? DROP_IN).toString("base64")}`,
      ...(other.engine ?? ["swarm inactive"]),
    ].join("\n"),
  );
}

function found(other: There, deployed = state()) {
  const findings = compare(deployed, there(other));
  return { text: report(findings), actions: actionsOf(findings), findings };
}

const NOTHING = { replace: [], refresh: [], now: [], later: [] };

test("no drift is reported when the server matches the deployment", () => {
  expect(found({}).text).toBe("");
});

test.each([undefined, null])(
  "F34: a field that Docker 29 leaves out of an image or container (%s) is the same as an empty one",
  (User) => {
    const image = { ...IMAGE_THERE, Config: { ...IMAGE_THERE.Config, User } };
    expect(found({ images: [image] }).text).toBe("");
    const rootContainer = (value: unknown) => ({ ...INSPECTED, Config: { ...CONFIG, User: value } });
    const asRoot = found({ images: [image], containers: [rootContainer("")] }).text;
    expect(asRoot).toContain("user: ");
    expect(found({ images: [image], containers: [rootContainer(User)] }).text).toBe(asRoot);
  },
);

test("a folder that a gate creates in a volume is not compared, as its content changes", () => {
  expect(found({}, state({ folders: ["/srv/berth-cron/journal"] })).text).toBe("");
});

describe("a container", () => {
  test("that is missing is re-created", () => {
    const { text, actions } = found({ containers: [] });
    expect(text).toBe("Container backend-1 (mailtracker-test-backend-1-a1b2c3):\n  - missing");
    expect(actions).toEqual({ ...NOTHING, replace: [CONTAINER] });
  });

  test("that was stopped is started", () => {
    const { text, actions } = found({ containers: [{ ...INSPECTED, State: { Status: "exited", ExitCode: 137 } }] });
    expect(text).toContain("is stopped (exit code 137), should run");
    expect(actions).toEqual({ ...NOTHING, replace: [GATE] });
  });

  test("that was paused is re-created", () => {
    expect(found({ containers: [{ ...INSPECTED, State: { Status: "paused", ExitCode: 0 } }] }).actions).toEqual({
      ...NOTHING,
      replace: [CONTAINER],
    });
  });

  test("with changed limits is updated in place", () => {
    const HostConfig = { ...HOST, Memory: 1024 * 1024 * 1024, RestartPolicy: { Name: "" }, PidsLimit: null };
    const { text, actions } = found({ containers: [{ ...INSPECTED, HostConfig }] });
    expect(text).toContain("limit of memory: is 1024 MiB, deployed as 512 MiB");
    expect(text).toContain("restart policy: is no, deployed as unless-stopped");
    expect(text).toContain("limit of processes: is none, deployed as 100");
    expect(actions).toEqual({ ...NOTHING, replace: [GATE], refresh: [CONTAINER] });
  });

  test.each([
    ["a network it left", { NetworkSettings: { Networks: {} } }, "network mailtracker-test-front: missing"],
    [
      "a network it was put into",
      { NetworkSettings: { Networks: { ...INSPECTED.NetworkSettings.Networks, other: { Aliases: null } } } },
      "network other: not deployed",
    ],
    ["privileges", { HostConfig: { ...HOST, Privileged: true } }, "privileged: is yes, deployed as no"],
    [
      "a mount",
      { Mounts: [{ ...INSPECTED.Mounts[0], RW: false }, ...INSPECTED.Mounts.slice(1)] },
      "mount /pdfs: is volume mailtracker-test-pdfs, read-only, deployed as volume mailtracker-test-pdfs, writable",
    ],
    ["its image", { Config: { ...CONFIG, Image: "other:2" } }, "image: is other:2, deployed as mailtracker/backend:1"],
    ["its command", { Config: { ...CONFIG, Cmd: ["shell"] } }, "command: is shell, deployed as serve"],
  ])("is re-created for %s", (_, change, words) => {
    const { text, actions } = found({ containers: [{ ...INSPECTED, ...change }] });
    expect(text).toContain(words);
    expect(actions).toEqual({ ...NOTHING, replace: [CONTAINER] });
  });

  test("with a changed file is reported without the file's contents", () => {
    const { text, actions } = found({ file: FILE.replace(/ad8c06c5\w+/, "0".repeat(64)).replace("0400", "0644") });
    expect(text).toContain("file /run/secrets/key: content differs");
    expect(text).toContain("file /run/secrets/key: mode is 644, deployed as 400");
    expect(text).not.toContain("a very secret key");
    expect(actions).toEqual({ ...NOTHING, replace: [CONTAINER] });
  });

  test("without one of its files is reported", () => {
    expect(found({ file: "" }).text).toContain("file /run/secrets/key: missing");
  });

  test("does not drift where the engine spells addresses in its own way, as Docker 29 does", () => {
    const publish = (...addresses: string[]) => ({
      containers: [
        {
          ...INSPECTED,
          HostConfig: { ...HOST, PortBindings: { "80/tcp": addresses.map((HostIp) => ({ HostIp, HostPort: "80" })) } },
        },
      ],
    });
    const ports = ["0.0.0.0", "2001:DB8:0::7"].map((ip) => ({ internal: 80, external: 80, ip }));
    const deployed = state({ and: { ports } });
    expect(found(publish("0.0.0.0", "2001:db8::7"), deployed).text).toBe("");
    expect(found(publish("0.0.0.0", "2001:db8::8"), deployed).text).toContain("port 80/tcp");
  });

  test("does not drift where the engine leaves out empty fields, as Docker 29 does", () => {
    const absent = ["User", "Env", "Cmd", "Entrypoint", "Volumes", "OnBuild"];
    const container = {
      ...INSPECTED,
      Config: leaving(absent, { ...CONFIG, Volumes: null }),
      HostConfig: leaving(["CapAdd", "SecurityOpt", "Tmpfs", "PortBindings", "Sysctls"], HOST),
      Mounts: INSPECTED.Mounts.slice(0, 2),
    };
    const deployed = state({ without: ["user", "envs", "command", "capabilities", "securityOpts", "tmpfs"] });
    const bare = (image: Plain) => ({
      containers: [{ ...container, HostConfig: { ...container.HostConfig, CapDrop: null } }],
      images: [{ ...leaving(["RepoDigests"], IMAGE_THERE), ...image }],
    });
    expect(found(bare({ Config: {} }), deployed).text).toBe("");
    expect(found(bare({ Config: undefined }), deployed).text).toBe("");
    // What the image says counts again.
    const image = { Config: { User: "10001" } };
    expect(found(bare(image), deployed).text).toContain("user: is empty, deployed as 10001");
  });

  test("of an incomplete release is left to the next up", () => {
    const { text, actions } = found({}, state({ gate: false }));
    expect(text).toContain("its release did not complete: it is running");
    expect(actions).toEqual(NOTHING);
  });
});

describe("a container created by hand", () => {
  const Id = "ab".repeat(32);
  const made = (Env: string[], Labels: Record<string, string> = LABELS) => ({
    ...INSPECTED,
    Id,
    Config: { ...CONFIG, Env, Labels },
  });

  test("in place of a stack's container is compared with it, and deleted once that one is back", () => {
    const env = ["PATH=/bin", "WORKERS=8", "PAGER=http://me:hunter2@pager", "EDITOR=vi"];
    const { text, actions } = found({ containers: [made(env)] });
    expect(text).toContain(
      `missing; mailtracker-test-backend-1-a1b2c3 (${Id.slice(0, 12)}) was created by hand in its place`,
    );
    expect(text).toContain("environment WORKERS: is 8, deployed as 4");
    expect(text).toContain("environment EDITOR: not deployed, is vi");
    expect(text).toContain("environment PAGER: not deployed, is another value, not shown");
    expect(text).not.toContain("hunter2");
    expect(actions).toEqual({
      ...NOTHING,
      replace: [CONTAINER],
      later: [{ kind: "container", id: Id, later: true, grace: 45 }],
    });
  });

  test("in place of a single-instance container is deleted first", () => {
    const { actions } = found({ containers: [made(CONFIG.Env, { ...LABELS, "berth.single": "true" })] });
    expect(actions).toMatchObject({ later: [], now: [{ id: Id }] });
  });

  test("beside the stack's containers is deleted first", () => {
    const { text, actions } = found({ containers: [INSPECTED, { ...made(CONFIG.Env), Name: "/foreign" }] });
    expect(text).toContain("Container foreign (abababababab):\n  - not deployed, but has the labels of this stack");
    expect(actions).toMatchObject({ replace: [], later: [], now: [{ kind: "container", id: Id }] });
  });

  test("is none if a release left it to complete the run of a scheduled job", () => {
    const job = made(CONFIG.Env, { ...LABELS, "berth.cron": "@daily UTC" });
    const left = { ...job, HostConfig: { ...HOST, RestartPolicy: { Name: "no" } } };
    expect(found({ containers: [INSPECTED, left] })).toMatchObject({ text: "", actions: NOTHING });
    expect(found({ containers: [INSPECTED, job] }).actions.now).toMatchObject([{ id: Id }]);
  });

  test("is kept when no up has ever finished, since the state may be wrong", () => {
    const { text, actions } = found({ containers: [INSPECTED, made(CONFIG.Env)] }, state({ url: "" }));
    expect(text).toContain("not deployed, but has the labels of this stack");
    expect(actions).toEqual(NOTHING);
  });

  test("is distinguished from one that Pulumi has yet to delete", () => {
    const leaving = { urn: CONTAINER, type: "docker:index/container:Container", id: Id, delete: true };
    expect(found({ containers: [INSPECTED, made(CONFIG.Env)] }, state({ more: [leaving] })).text).toBe("");
  });
});

describe("the Docker configuration", () => {
  test("is restored where it was changed, and foreign settings are kept", () => {
    const settings = JSON.stringify({ "log-opts": { "max-size": "50m", "max-file": "3" }, proxies: "a secret one" });
    const { text, actions } = found({ settings, dropIn: "" });
    expect(text).toContain("log-opts.max-size: is 50m, deployed as 10m");
    expect(text).toContain("live-restore: missing, deployed as true");
    expect(text).not.toContain("secret");
    expect(text).toContain("berth.conf):\n  - missing");
    expect(actions).toEqual({ ...NOTHING, replace: [`${URN}::server-prepared`] });
  });

  test("F13: is not expected to have settings that clash with those of others", () => {
    const gelf = { "live-restore": true, "no-new-privileges": true, "log-driver": "gelf" };
    expect(found({ settings: JSON.stringify(gelf) }).text).toBe("");
    const { "live-restore": _, ...swarm } = SETTINGS;
    expect(found({ settings: JSON.stringify(swarm), engine: ["swarm active"] }).text).toBe("");
    expect(found({ settings: JSON.stringify(swarm) }).text).toContain("live-restore: missing");
    const flags = `flags ${Buffer.from("dockerd --live-restore").toString("base64")}`;
    expect(found({ settings: JSON.stringify(swarm), engine: [flags] }).text).toBe("");
    const { "no-new-privileges": __, ...free } = SETTINGS;
    expect(found({ settings: JSON.stringify(free), engine: ["others run"] }).text).toBe("");
    const mirrors = { ...SETTINGS, "registry-mirrors": ["https://of-others.example.org"] };
    expect(found({ settings: JSON.stringify(mirrors) }).text).toBe("");
  });

  test("is not compared where the account cannot change it", () => {
    expect(found({ settings: "", dropIn: "", engine: ["access none"] }).text).toBe("");
    expect(found({ settings: "", dropIn: "" }).text).toContain("live-restore: missing");
  });

  test("that cannot be read is reported", () => {
    expect(found({ settings: '{"live-restore": tru' }).text).toContain("not valid JSON");
  });
});

describe("a network", () => {
  test("that is missing is re-created", () => {
    expect(found({ networks: [] }).actions).toEqual({ ...NOTHING, replace: [`${URN}::network`] });
  });

  test("with its name created by hand is deleted first", () => {
    const { text, actions } = found({ networks: [{ ...NETWORK_THERE, Id: "ff", Internal: true }] });
    expect(text).toContain(
      "Network mailtracker-test-front:\n  - missing; another network with its name was created by hand",
    );
    expect(text).toContain("internal: is true, deployed as false");
    expect(actions).toEqual({ ...NOTHING, replace: [`${URN}::network`], now: [{ kind: "network", id: "ff" }] });
  });
});

describe("a volume", () => {
  test("that is missing is reported with the consequences and re-created", () => {
    const { text, actions } = found({ volumes: [] });
    expect(text).toContain("missing, with its data");
    expect(actions).toEqual({ ...NOTHING, replace: [`${URN}::volume`] });
  });

  test("that was changed is reported and never touched", () => {
    const { text, actions } = found({ volumes: [{ ...VOLUME_THERE, Labels: { other: "x" } }] });
    expect(text).toContain("label berth.stack: missing, deployed as test");
    expect(actions).toEqual(NOTHING);
  });
});

describe("an image", () => {
  test("that is missing is rebuilt", () => {
    expect(found({ images: [{ ...IMAGE_THERE, RepoTags: null }] }).actions).toEqual({
      ...NOTHING,
      replace: [`${URN}::image`],
    });
  });

  test("by tag and digest is present by its digest, as the engine lists it", () => {
    const digest = `sha256:${"0a".repeat(32)}`;
    const [first, ...others] = state().images;
    const name = `docker.io/library/postgres:16@${digest}`;
    const deployed = { ...state(), images: [{ ...(first as NonNullable<typeof first>), inputs: { name } }, ...others] };
    const listed = { ...IMAGE_THERE, RepoTags: null, RepoDigests: [`postgres@${digest}`] };
    expect(found({ images: [listed] }, deployed).text).toBe("");
    expect(found({ images: [{ ...listed, RepoDigests: [] }] }, deployed).text).toContain("missing");
  });

  const built = () =>
    state({
      more: [{ urn: `${URN}::image-built`, type: "command:local:Command", id: "b", inputs: {} }],
    });

  test("that the server built is built again, and its tag is taken from another image before", () => {
    const replace = [`${URN}::image-built`, `${URN}::image`];
    expect(found({ images: [{ ...IMAGE_THERE, RepoTags: null }] }, built()).actions).toEqual({ ...NOTHING, replace });
    const other = { ...IMAGE_THERE, Id: "sha256:aa" };
    const now = [{ kind: "image", id: "mailtracker/backend:1" }];
    expect(found({ images: [other, { ...IMAGE_THERE, RepoTags: [] }] }, built()).actions).toEqual({
      ...NOTHING,
      replace,
      now,
    });
  });

  test("whose tag points to another image is rebuilt", () => {
    const other = { ...IMAGE_THERE, Id: "sha256:aa" };
    expect(found({ images: [other, { ...IMAGE_THERE, RepoTags: [] }] }).text).toContain(
      "aa has this name, deployed as e3e3e3e3e3e3",
    );
  });
});
