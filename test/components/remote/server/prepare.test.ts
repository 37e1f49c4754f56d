import { mkdirSync, renameSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sudoPassword } from "../../../../components/cli/terminal/sudo-password.mts";
import { daemonSettings } from "../../../../components/model/daemon-settings";
import { observe } from "../../../../components/remote/server/observe.mts";
import { prepareServer, type Wanted } from "../../../../components/remote/server/prepare.mts";
import { refusal } from "../../../../components/remote/server/refusal.mts";
import { acceptsPassword } from "../../../../components/remote/sudo.mts";
import { FakeServer } from "../../../support/fake-server";

const CONFIG = "etc/docker/daemon.json";
const DROP_IN = "etc/systemd/system/docker.service.d/berth.conf";
const SSHD = "etc/ssh/sshd_config.d/berth.conf";
const wanted: Wanted = {
  project: "shop",
  stack: "prod",
  ports: [{ address: "0.0.0.0", port: 80, setting: "httpPort" }],
  builds: true,
  settings: daemonSettings(),
  dropIn: "[Service]",
  sshd: "MaxSessions 100",
};

let server: FakeServer;
let printed: string;
/** Standard output, which `berth up` prints again at its end. */
let notes: string;
beforeEach(() => {
  server = new FakeServer();
  printed = "";
  notes = "";
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((...args: unknown[]) => {
      printed += String(args[0]);
      if (stream === process.stdout) notes += String(args[0]);
      const done = args.at(-1);
      if (typeof done === "function") done();
      return true;
    });
  }
  vi.spyOn(console, "log").mockImplementation((text) => {
    printed += `${text}\n`;
    notes += `${text}\n`;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  server.remove();
});

/** Prepares the server; returns the message of the error, empty if there is none. */
const prepared = (other: Partial<Wanted> = {}) =>
  prepareServer(server.place, { ...wanted, ...other }).then(
    () => "",
    (error: Error) => error.message,
  );
const config = () => JSON.parse(server.read(CONFIG) ?? "{}");
const restarts = () => server.calls(/^systemctl (restart|reload|start) docker/);
const nothingLeft = () =>
  expect(
    [".before", ".absent", ".new", ".berth"].flatMap((end) =>
      [CONFIG, DROP_IN, SSHD].map((file) => server.read(file + end)),
    ),
  ).toEqual(Array(12).fill(undefined));

describe("a server", () => {
  test("is configured, and not touched again", async () => {
    expect(await prepared()).toBe("");
    expect(config()).toEqual(daemonSettings());
    expect(server.read(DROP_IN)).toBe("[Service]\n");
    expect(server.read(SSHD)).toBe("MaxSessions 100\n");
    expect(restarts()).toEqual(["systemctl restart docker"]);
    expect(printed).toContain("Docker 28.2.2 is ready.");
    expect(notes).toBe("");
    nothingLeft();
    expect(await prepared()).toBe("");
    expect(restarts()).toEqual(["systemctl restart docker"]);
  });

  test("enables live-restore before the restart, so that others' containers keep running", async () => {
    server.write("running", "proxy\n");
    expect(await prepared()).toBe("");
    expect(restarts()).toEqual(["systemctl reload docker", "systemctl restart docker"]);
    expect(config()).toMatchObject({ "live-restore": true });
    expect(config()).not.toHaveProperty("no-new-privileges");
  });

  test("is only reloaded for settings that need no restart", async () => {
    expect(await prepared()).toBe("");
    expect(await prepared({ settings: daemonSettings(["https://mirror.example.org"]) })).toBe("");
    expect(restarts()).toEqual(["systemctl restart docker", "systemctl reload docker"]);
    expect(config()).toMatchObject({ "registry-mirrors": ["https://mirror.example.org"] });
  });
});

describe("F13: settings that clash", () => {
  test("F13a: of another log driver are left out, and all others are kept", async () => {
    const own = { "log-driver": "gelf", "log-opts": { "gelf-address": "udp://10.0.0.9" }, "data-root": "/data" };
    server.write(CONFIG, JSON.stringify(own));
    expect(await prepared()).toBe("");
    expect(config()).toEqual({ ...own, "live-restore": true, "no-new-privileges": true });
    expect(notes).toContain("Docker's log-driver stays as it is: the engine logs with gelf.");
  });

  test("F13b: with flags of the unit are left out", async () => {
    server.write("flags", "--log-driver=journald --live-restore");
    expect(await prepared()).toBe("");
    expect(config()).toEqual({ "no-new-privileges": true });
  });

  test("F13c: with Swarm mode are left out, and its services are not stopped by a restart", async () => {
    server.write("swarm", "active");
    server.write("running", "service.1\n");
    expect(await prepared()).toBe("");
    expect(config()).not.toHaveProperty("live-restore");
    expect(restarts()).toEqual(["systemctl reload docker"]);
    expect(printed).toContain("an engine in Swarm mode does not start with it");
    expect(printed).toContain("log-driver, log-opts: effective when Docker is next restarted");
  });

  const reason =
    "unable to configure the Docker daemon with file: the following directives are specified both as a flag and in the configuration file: log-driver: (from flag: journald, from file: json-file)";
  test.each(['{"debug":true}', undefined])(
    "are taken back where the engine does not start with them (%s before)",
    async (before) => {
      if (before) server.write(CONFIG, before);
      server.write("clash", "log-driver");
      server.write("reason", `some line\n${reason}\nother line\n`);
      expect(await prepared()).toContain("The server is not prepared: configure-engine failed.");
      expect(server.read(CONFIG)).toBe(before);
      expect(server.read(DROP_IN)).toBeUndefined();
      expect(server.read("engine")).toBe("running\n");
      expect(server.calls(/^systemctl reset-failed/)).toHaveLength(1);
      expect(printed).toContain("Docker does not start with Berth's settings in");
      expect(printed).toContain("(log-driver). The previous file is back. Docker runs as before.");
      expect(printed).toContain(`Docker said: ${reason}`);
      nothingLeft();
    },
  );

  test("are refused by an engine that can validate them, before they are in place", async () => {
    server.write("help", "  --validate  Validate daemon configuration and exit");
    server.write("invalid", "the following directives don't match any configuration option: live-restore");
    expect(await prepared()).toContain("configure-engine failed");
    expect(printed).toContain("Docker rejects Berth's settings");
    expect(printed).toContain("(live-restore)");
    expect(server.read(CONFIG)).toBeUndefined();
    expect(server.calls(/^systemctl restart/)).toEqual([]);
    nothingLeft();
  });

  test("do not lead to a restart where live-restore cannot be enabled", async () => {
    server.write("running", "proxy\n");
    server.write("stubborn", "");
    expect(await prepared()).toContain("configure-engine failed");
    expect(printed).toContain("its restart would stop other containers");
    expect(server.calls(/^systemctl restart/)).toEqual([]);
    expect(server.read(CONFIG)).toBeUndefined();
  });

  test("are told apart where the engine does not start with the previous file either", async () => {
    server.write(CONFIG, '{"bad":1}');
    server.write("clash", ".");
    expect(await prepared()).toContain("configure-engine failed");
    expect(printed).toContain("But Docker does not start with it either");
    expect(server.read(CONFIG)).toBe('{"bad":1}');
  });

  test("keep the file that worked, even if an earlier attempt was interrupted", async () => {
    server.write(CONFIG, '{"half":1}');
    server.write(`${CONFIG}.before`, '{"good":1}');
    server.write("clash", "live-restore");
    expect(await prepared()).toContain("configure-engine failed");
    expect(server.read(CONFIG)).toBe('{"good":1}');
  });
});

describe("F13f: sshd", () => {
  test.each([
    ["rejects the drop-in", "sshd-rejects", "Bad configuration option: MaxSession"],
    ["does not come back", "sshd-down", ""],
  ])("keeps its configuration where it %s", async (_, file, text) => {
    server.write(file, text);
    expect(await prepared()).toBe("");
    expect(server.read(SSHD)).toBeUndefined();
    expect(notes).toMatch(
      /^sshd keeps its limits, as it cannot take .*berth\.conf \(.+\)\. Deployments work, with more connections\.\n$/,
    );
    nothingLeft();
  });

  test("keeps limits that somebody set", async () => {
    server.write("limits", "maxsessions 30\nmaxstartups 10:30:100\n");
    expect(await prepared()).toBe("");
    expect(server.read(SSHD)).toBeUndefined();
    expect(server.calls(/^systemctl reload ssh/)).toEqual([]);
  });
});

/** Verifies that the server is refused before anything is changed; returns the message. */
async function refused(other: Partial<Wanted> = {}): Promise<string> {
  const message = await prepared(other);
  expect(message).toMatch(/^The server cannot be prepared\. Nothing was changed\.\n {2}- /);
  expect(server.calls(/^(apt-get|sshd -t|gpasswd|systemctl (restart|reload|start|enable))/)).toEqual([]);
  expect([CONFIG, DROP_IN, SSHD].map((file) => server.read(file))).toEqual([undefined, undefined, undefined]);
  return message;
}

/** The account is not in the group docker. */
const noGroup = () =>
  server.program("docker", "echo 'permission denied while trying to connect to the Docker daemon socket' >&2; exit 1");

describe("an account without sudo", () => {
  beforeEach(() => server.program("sudo", "echo 'sudo: a password is required' >&2; exit 1"));

  test("that is in the group docker deploys to the server as it is, and is told what is not set", async () => {
    server.write(CONFIG, '{"log-driver":"json-file","log-opts":{"max-size":"10m","max-file":"3"}}');
    expect(await prepared()).toBe("");
    expect(notes).toBe(
      "The account ubuntu may not use sudo, so Docker's configuration stays as it is, without live-restore, no-new-privileges, the systemd drop-in for reboots. sshd's limits of connections are not checked. docs/deploy.md has what this means.\n",
    );
    expect(server.calls(/^(systemctl (restart|reload|start|enable)|gpasswd|apt-get|sshd -t)/)).toEqual([]);
    expect(server.read(SSHD)).toBeUndefined();
  });

  test("is told nothing where the server is configured already", async () => {
    server.write(CONFIG, JSON.stringify(daemonSettings()));
    server.write(DROP_IN, "[Service]\n");
    expect(await prepared()).toBe("");
    expect(notes).toBe("");
  });

  test("is refused where Docker is missing, with the command that asks for the password", async () => {
    noGroup();
    expect(await prepared()).toContain(
      "may not use sudo without a password\n    Run npx berth up --stack prod on a terminal, which asks for the password once",
    );
  });
});

describe("an account whose sudo asks for a password", () => {
  const password = "it's a \\ $secret!";
  beforeEach(() => {
    server.write("password", password);
    // Like sudo -S, it reads one line of its input. Root may use Docker; the account may not yet.
    server.program(
      "sudo",
      `case $1 in -n) echo 'sudo: a password is required' >&2; exit 1 ;; esac
IFS= read -r given; [ "$given" = "$(cat $root/password)" ] || { echo 'sudo: no password was provided' >&2; exit 1; }
while [ "$1" != -- ]; do shift; done; shift
SUDO_USER=ubuntu exec "$@"`,
    );
    server.program(
      "id",
      '[ -z "$SUDO_USER" ] || { [ "$1" = -u ] && echo 0 || echo root; exit; }; case $1 in -u) echo 1000 ;; -un) echo ubuntu ;; -Gn) echo ubuntu ;; esac',
    );
    const engine = (server.read("bin/docker") ?? "").replace("#!/bin/sh\n", "");
    server.program(
      "docker",
      `[ -n "$SUDO_USER" ] || { echo 'permission denied while trying to connect' >&2; exit 1; }\n${engine}`,
    );
  });

  test("is prepared as root, with the password in the standard input of ssh only", async () => {
    server.write("running", "proxy\n");
    await prepareServer(server.place, wanted, password);
    expect(config()).toMatchObject({ "live-restore": true, "log-driver": "json-file" });
    expect(server.read(DROP_IN)).toBe("[Service]\n");
    expect(server.read(SSHD)).toBe("MaxSessions 100\n");
    expect(restarts()).toEqual(["systemctl reload docker", "systemctl restart docker"]);
    expect(server.calls(/^gpasswd/)).toEqual(["gpasswd --add ubuntu docker"]);
    for (const text of [server.read("calls"), server.read(CONFIG), printed]) expect(text).not.toContain("secret!");
    nothingLeft();
  });

  test("accepts the right password, and tries a wrong one once", async () => {
    expect(await acceptsPassword(server.place, password)).toBe(true);
    expect(await acceptsPassword(server.place, "wrong")).toBe(false);
    expect(server.calls(/^sudo/)).toEqual(Array(2).fill("sudo -S -k -p  -- true"));
  });

  test("does not get the password into a file where sudo does not read it", async () => {
    server.program("sudo", 'while [ "$1" != -- ]; do shift; done; shift; SUDO_USER=ubuntu exec "$@"');
    await prepareServer(server.place, wanted, password);
    expect(config()).toEqual(daemonSettings());
  });

  test("is asked for it on a terminal, again after a wrong answer, and can go on without", async () => {
    const { server: seen } = await observe(server.place);
    const asked = async (answers: string[], isTTY = true) => {
      const before = process.stdin.isTTY;
      process.stdin.isTTY = isTTY;
      vi.spyOn(console, "error").mockImplementation(() => undefined);
      const answer = (question: string) => {
        expect(question).toContain("Password of ubuntu for sudo");
        return Promise.resolve(answers.shift() ?? "");
      };
      try {
        return seen && (await sudoPassword(server.place, seen, answer));
      } finally {
        process.stdin.isTTY = before;
      }
    };
    expect(await asked(["wrong", password])).toBe(password);
    expect(await asked([""])).toBeUndefined();
    expect(await asked([password], false)).toBeUndefined();
    await expect(asked(["a", "b", "c"])).rejects.toThrow("none of the passwords. Nothing was changed");
  });

  test("is observed as root, with what belongs to the account kept", async () => {
    const { server: seen } = await observe(server.place, [], password);
    expect(seen).toMatchObject({ sudo: "password", account: "ubuntu", docker: { version: "28.2.2" } });
    expect(seen && refusal(seen, wanted)).toBeUndefined();
  });
});

describe("a server that cannot be used is refused before anything is changed", () => {
  test("where a program has a port of the stack", async () => {
    server.write("listening", 'LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=1,fd=6))\n');
    const message = await refused();
    expect(message).toContain("port 80: in use by nginx");
    expect(message).toContain("pulumi config set httpPort … --stack prod");
  });

  test("where a program has it on all addresses, which is one problem for a site on several", async () => {
    server.write("listening", 'LISTEN 0 511 *:80 *:* users:(("caddy",pid=1,fd=6))\n');
    const addresses = ["0.0.0.0", "::"].map((address) => ({ address, port: 80, setting: "httpPort" }));
    expect((await refused({ ports: addresses })).match(/in use by caddy/g)).toHaveLength(1);
  });

  test("where a container of others has it, but not one of this stack", async () => {
    const holder = (labels: string) =>
      server.program(
        "docker",
        `case "$*" in "version --format {{.Server.Version}}") echo 28.2.2 ;; "ps --format"*) echo "container web|${labels}|0.0.0.0:80->80/tcp" ;; esac`,
      );
    holder("|");
    expect(await refused()).toContain("port 80: in use by the container web");
    holder("shop|prod");
    expect(await prepared()).not.toContain("port 80");
  });

  test("F37: where Docker is from snap", async () => {
    server.write("snap/docker", "");
    expect(await refused()).toContain("snap remove docker");
  });

  test("F37: where the engine is Podman or rootless", async () => {
    const engine = (line: string) => server.program("docker", `case "$*" in ${line} esac; exit 0`);
    engine(`*Components*) echo "Podman Engine, " ;; "version"*) echo 4.9 ;;`);
    expect(await refused()).toContain("Podman");
    engine(`"info --format swarm"*) echo 'security [name=rootless]' ;; "version"*) echo 28.2 ;;`);
    expect(await refused()).toContain("docker context use default");
  });

  test("where sudo needs a password or a terminal, and the account may not use Docker without it", async () => {
    noGroup();
    server.program("sudo", "echo 'sudo: a password is required' >&2; exit 1");
    expect(await refused()).toContain("the account ubuntu may not use sudo without a password");
    server.program("sudo", "echo 'sudo: sorry, you must have a tty to run sudo' >&2; exit 1");
    expect(await refused()).toContain("requiretty");
  });

  test("where its disk is full, but not where a release of small images may fit", async () => {
    server.program("df", 'echo head; echo "x 90000000 1 100000 1% /"');
    expect(await refused()).toContain("disk: 0.1 of 85.8 GiB free");
    server.program("df", 'echo head; echo "x 90000000 1 600000 1% /"');
    expect(await prepared()).toBe("");
  });

  test("where its clock is wrong, its disk is full or daemon.json is broken: all at once", async () => {
    server.program("date", "echo 1000");
    server.program("df", 'echo head; echo "x 90000000 1 100000 1% /"');
    server.write(CONFIG, "{ nonsense");
    const message = await prepared();
    expect(message).toContain("disk: 0.1 of 85.8 GiB free");
    expect(message).toMatch(/clock: \d+ s behind/);
    expect(message).toContain("is not a JSON object");
    expect(server.read(CONFIG)).toBe("{ nonsense");
  });
});

describe("F01: a server without Docker", () => {
  const held = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (unattended-upgr)";
  const lists = "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 99 (apt-get)";
  /** apt-get installs the engine. `before` runs first. */
  const aptGet = (before: string) =>
    server.program(
      "apt-get",
      `${before}
case "$*" in *install*) mv $root/away/* $root/bin/ ;; esac`,
    );
  beforeEach(() => {
    mkdirSync(`${server.folder}/away`);
    for (const name of ["docker", "dockerd"])
      renameSync(`${server.folder}/bin/${name}`, `${server.folder}/away/${name}`);
  });

  test("waits for the locks of dpkg and of apt's lists, reports who holds them, and installs it", async () => {
    aptGet(`n=$(grep -c ^apt-get $root/calls)
case $n in 1 | 2) echo '${lists}' >&2; exit 100 ;; 4 | 5) echo '${held}' >&2; exit 100 ;; esac`);
    expect(await prepared()).toBe("");
    expect(server.calls(/^apt-get/)).toHaveLength(6);
    expect(server.calls(/^sleep 5/)).toHaveLength(4);
    expect(printed).toContain("Waiting for the lock of apt and dpkg, which process 99 (apt-get) holds (0 of 600 s)");
    expect(printed).toContain("which process 812 (unattended-upgr) holds");
    expect(config()).toEqual(daemonSettings());
  });

  test("waits for cloud-init", async () => {
    server.program(
      "cloud-init",
      '[ "$(grep -c ^cloud-init $root/calls)" -gt 3 ] && echo "status: done" || echo "status: running"',
    );
    aptGet("");
    expect(await prepared()).toBe("");
    expect(printed).toContain("Waiting for cloud-init, which still sets up the server (0 of 600 s)");
    expect(server.calls(/^(cloud-init|apt-get)/).map((call) => call.split(" ")[0])).toEqual([
      ...Array(4).fill("cloud-init"),
      ...Array(2).fill("apt-get"),
    ]);
  });

  test("ends after the limit, with who holds the lock", async () => {
    aptGet(`echo '${held}' >&2; exit 100`);
    expect(await prepared()).toContain("install-packages failed");
    expect(printed).toContain(
      "The server is not ready after 600 s: Berth waited for the lock of apt and dpkg, which process 812 (unattended-upgr) holds.\nNothing was installed.",
    );
    expect(printed.match(/Waiting for/g)?.length).toBe(40);
    expect(server.read(CONFIG)).toBeUndefined();
  });

  test("installs the command docker too where it is a package of its own, as from Debian 13 on", async () => {
    aptGet("");
    server.program("apt-cache", 'case "$*" in "show docker-cli" | "show docker-buildx") ;; *) exit 1 ;; esac');
    expect(await prepared()).toBe("");
    expect(server.calls(/^apt-get install/)).toEqual([
      "apt-get install -y -qq --no-install-recommends docker.io iptables docker-cli docker-buildx",
    ]);
    expect(config()).toEqual(daemonSettings());
  });

  test("installs it from the present lists where a source of others is out of reach", async () => {
    aptGet(
      `case "$*" in *update*) echo 'E: The repository https://old.example.org has no Release file.' >&2; exit 100 ;; esac`,
    );
    expect(await prepared()).toBe("");
    expect(notes).toContain("apt-get update failed");
    expect(notes).toContain("old.example.org");
  });

  describe("whose daemon.json names the containerd image store", () => {
    const inStore = '{"features":{"containerd-snapshotter":true}}';
    /** apt has the lists after an update only, as on a new server. */
    const listsHave = (version: string) =>
      server.program(
        "apt-cache",
        `[ "$1" = policy ] || exit 100; echo docker.io:; grep -q '^apt-get update' $root/calls && echo '  Candidate: ${version}' || echo '  Candidate: (none)'`,
      );
    beforeEach(() => {
      server.write(CONFIG, inStore);
      // In place of a docker of the machine that runs this test.
      server.program("docker", "exit 1");
      aptGet("");
    });

    test("is refused before Docker is installed where that version cannot build into it", async () => {
      listsHave("26.1.5+dfsg1-9+b9");
      const message = await prepared();
      expect(message).toContain("The server cannot be prepared. Nothing was changed.");
      expect(message).toContain("would install docker.io 26.1.5+dfsg1-9+b9, with the containerd image store");
      expect(server.calls(/^apt-get/)).toEqual(["apt-get update -qq"]);
      expect(server.read(CONFIG)).toBe(inStore);
      expect(server.read(SSHD)).toBeUndefined();
      // The lists are there now, as on a server that has been in use.
      expect(await prepared()).toContain("would install docker.io 26.1.5");
      expect(server.calls(/^apt-get/)).toHaveLength(1);
    });

    test("gets a Docker that can build into it", async () => {
      listsHave("28.2.2-0ubuntu1");
      expect(await prepared()).toBe("");
      expect(config()).toMatchObject({ features: { "containerd-snapshotter": true }, "live-restore": true });
    });

    test("gets a Docker that need not build", async () => {
      listsHave("26.1.5+dfsg1-9+b9");
      expect(await prepared({ builds: false })).toBe("");
      expect(server.calls(/^apt-get/).map((call) => call.split(" ")[1])).toEqual(["update", "install"]);
    });

    test("is refused after the installation where only the engine itself tells that it uses that store", async () => {
      server.write(CONFIG, "{}");
      const engine = (server.read("away/docker") ?? "").replaceAll("28.2.2", "26.1.5");
      server.write("away/docker", engine.replace("security []", "driver [[driver-type io.containerd.snapshotter.v1]]"));
      const message = await prepared();
      expect(message).toContain("cannot be prepared. Only these packages were installed: docker.io iptables.\n");
      expect(message).toContain("Docker: 26.1.5 (");
      expect(server.read(CONFIG)).toBe("{}");
      expect(server.read(SSHD)).toBeUndefined();
    });
  });

  test("reports what apt-get said where it cannot be installed", async () => {
    aptGet(`case "$*" in *install*) echo 'E: Unable to locate package docker.io' >&2; exit 100 ;; esac`);
    expect(await prepared()).toContain("install-packages failed");
    expect(printed).toContain(
      "The packages docker.io iptables cannot be installed. apt-get said:\nE: Unable to locate package docker.io",
    );
    expect(server.calls(/^sleep/)).toEqual([]);
  });

  test("reports the end of a long answer of apt-get, with short lines", async () => {
    aptGet(
      `case "$*" in *install*) i=0; while [ $i -lt 50 ]; do i=$((i + 1)); echo "line $i"; done; printf '%090000d\\n' 7; exit 100 ;; esac`,
    );
    expect(await prepared()).toContain("install-packages failed");
    expect(printed).toMatch(/apt-get said:\nline 47\nline 48\nline 49\nline 50\n0{4000}\nTo see more/);
  });
});

describe("F26: the account", () => {
  test("is added to the group docker with gpasswd, which also finds directory accounts", async () => {
    server.program("id", "case $1 in -u) echo 1000 ;; -un) echo john.doe ;; -Gn) echo john.doe docker-users ;; esac");
    server.write("etc/passwd", "");
    expect(await prepared()).toBe("");
    expect(server.calls(/^gpasswd/)).toEqual(["gpasswd --add john.doe docker"]);
  });

  test("that cannot be added is reported with the reason", async () => {
    server.program("id", "case $1 in -u) echo 1000 ;; -un) echo me@corp ;; -Gn) echo me@corp ;; esac");
    server.program("gpasswd", "echo \"gpasswd: group 'docker' does not exist in /etc/group\" >&2; exit 3");
    expect(await prepared()).toContain("allow-account failed");
    expect(printed).toContain(
      "The account me@corp cannot be added to the group docker: gpasswd: group 'docker' does not exist",
    );
  });

  test("that is in the group already, or root, is left alone", async () => {
    expect(await prepared()).toBe("");
    server.program("id", "case $1 in -u) echo 0 ;; -un) echo root ;; -Gn) echo root ;; esac");
    expect(await prepared()).toBe("");
    expect(server.calls(/^gpasswd/)).toEqual([]);
  });
});
