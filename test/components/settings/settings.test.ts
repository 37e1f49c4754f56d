import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { connectionProblems, type RawSettings, setting } from "../../../components";
import { certificateNames, siteNames } from "../../../components/settings/names";
import { asText, withDefaults } from "../../../components/settings/setting";
import { standardSettings } from "../../../components/settings/standard";
import { recorded, validate as validateAny } from "../../../components/settings/validate";
import { ownSettings } from "../../../settings";
import { declaredSettings, defaultSettings } from "../../support/project";

const declared = declaredSettings();

const standardDefaults = withDefaults({}, standardSettings);

const settings = (own: Record<string, string> = {}) => ({ ...defaultSettings(), ...own });

const validate = (raw: RawSettings, secret: ReadonlySet<string>) => validateAny(raw, secret, ownSettings);

const SERVER = { serverHost: "mail.example.org", serverHostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA root@mail" };

describe("a site behind the front door", () => {
  const shared = { ...SERVER, siteName: "shop.example.org", frontDoor: "true" };
  const problemsOf = (own: Record<string, string>) => validate(settings({ ...shared, ...own }), new Set()).problems;

  test("needs no other setting than its name", () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({ httpAddress: "0.0.0.0,::" }), "as berth init writes it").toEqual([]);
  });

  test.each([
    [{ siteName: "" }, "siteName is missing, but frontDoor is true"],
    [{ siteName: "192.0.2.7" }, "siteName is an address, 192.0.2.7, but frontDoor is true"],
    [{ httpPort: "8080" }, "httpPort has no effect, as frontDoor is true: the front door listens on ports 80 and 443"],
    [{ httpAddress: "127.0.0.1" }, "httpAddress has no effect"],
    [{ trustedProxies: '["192.0.2.7"]' }, "trustedProxies cannot be used, as frontDoor is true"],
  ])("is refused with %j", (own, problem) => {
    expect(problemsOf(own)).toEqual([expect.stringContaining(problem)]);
  });

  test("may have all names below another, but not from an authority that asks over HTTP", () => {
    const all = { allowedHosts: '["*.example.org"]' };
    expect(problemsOf({ ...all, tls: "self-signed" })).toEqual([]);
    expect(problemsOf({ ...all, tls: "acme" })).toEqual([expect.stringContaining("a wildcard cannot be validated")]);
    expect(problemsOf({ allowedHosts: '["*.*.example.org"]' })).toEqual([
      expect.stringContaining("allowedHosts must be"),
    ]);
  });
});

describe("the declaration in Pulumi.yaml", () => {
  test("names exactly the settings the program reads", () => {
    expect(Object.keys(declared).sort()).toEqual(
      [...Object.keys(standardDefaults), ...Object.keys(ownSettings.settings)].sort(),
    );
  });

  test("has type, default and description of each", () => {
    for (const [name, { type, default: value, description }] of Object.entries(declared)) {
      expect(type, name).toMatch(/^(string|integer|boolean|array|object)$/);
      expect(value, name).not.toBeUndefined();
      expect(description, name).toMatch(/^.{15,}\.$/);
    }
  });

  test("gives the standard settings their defaults", () => {
    expect(defaultSettings()).toMatchObject(standardDefaults);
  });

  test("describes the standard settings for other projects too", () => {
    const page = readFileSync("docs/settings.md", "utf8");
    for (const name of Object.keys(standardDefaults)) expect(page).toContain(`| \`${name}\` |`);
    for (const [name, { description }] of Object.entries(declared)) {
      if (name in standardDefaults) {
        expect(page).toContain(description.replaceAll("|", "\\|").replaceAll("<", "&lt;"));
      }
    }
  });

  test("has valid defaults", () => {
    expect(validate(settings(), new Set()).problems).toEqual([]);
  });

  test.each(["dev", "prod"])("matches the stack file of %s", (stack) => {
    const { config } = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8"));
    const own = Object.entries(config).map(([key, value]) => [key.replace("mailtracker:", ""), asText(value)]);
    expect(validate(settings(Object.fromEntries(own)), new Set()).problems).toEqual([]);
  });
});

describe("validation", () => {
  test("returns typed values", () => {
    const { values } = validate(
      settings({ ...SERVER, httpPort: "8080", debug: "true", allowedHosts: '["mail"]' }),
      new Set(),
    );
    expect(values).toMatchObject({
      httpPort: 8080,
      debug: true,
      allowedHosts: ["mail"],
      serverHost: "mail.example.org",
    });
    expect(values?.serverKeyFile).toBeUndefined();
  });

  test("reports every invalid setting at once, with advice", () => {
    const { values, problems } = validate(
      settings({
        httpPort: "abc",
        replicas: "0",
        debug: "yes",
        corsAllowedOrigins: '["localhost:3000"]',
        htpPort: "80",
      }),
      new Set(),
    );
    expect(values).toBeUndefined();
    expect(problems).toEqual([
      "htpPort is not a setting. Did you mean httpPort? (pulumi config rm htpPort)",
      'httpPort must be a whole number from 1 to 65535, but is "abc" (pulumi config set httpPort …)',
      'debug must be true or false, but is "yes" (pulumi config set debug …)',
      'corsAllowedOrigins must be origins such as http://localhost:3000, but is "[\\"localhost:3000\\"]" (pulumi config set corsAllowedOrigins …)',
      'replicas must be a whole number from 1 to 20, but is "0" (pulumi config set replicas …)',
    ]);
  });

  test.each([
    ["rebuild", "adoptServer"],
    ["deleteData", "forceDestroyData"],
  ])("the former setting %s is an error that names %s", (former, current) => {
    const { values, problems } = validate(settings({ [former]: "prod" }), new Set());
    expect(values).toBeUndefined();
    expect(problems).toEqual([
      `${former} has been renamed to ${current} (pulumi config set ${current} …, then pulumi config rm ${former})`,
    ]);
  });

  test("a former setting without a value, as in an older Pulumi.yaml, is ignored", () => {
    expect(validate(settings({ rebuild: "" }), new Set()).problems).toEqual([]);
    expect(recorded(settings({ rebuild: "" }), ownSettings)).not.toHaveProperty("rebuild");
  });

  test("a server requires its host key", () => {
    const { problems } = validate(settings({ serverHost: "mail.example.org" }), new Set());
    expect(problems).toEqual([expect.stringMatching(/^serverHostKey is missing.*pulumi config set serverHostKey/)]);
  });

  test.each(["john.doe", "me@corp", "JDoe", "ubuntu", "_apt", "4711"])("F26: %s may be the account", (serverUser) => {
    expect(validate(settings({ ...SERVER, serverUser }), new Set()).problems).toEqual([]);
  });

  test.each(["", "-oProxyCommand=x", "a b", "a;b", "CORP\\me"])("%j is not an account", (serverUser) => {
    const { problems } = validate(settings({ ...SERVER, serverUser }), new Set());
    expect(problems).toEqual([expect.stringContaining("serverUser must be the name of an account")]);
  });

  test.each(["ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAA", "SHA256:abcdef"])("%s is not a host key", (serverHostKey) => {
    const { problems } = validate(settings({ ...SERVER, serverHostKey }), new Set());
    expect(problems).toEqual([expect.stringContaining("serverHostKey must be a public key")]);
  });

  test("a registry requires a user", () => {
    const { problems } = validate(settings({ registryAddress: "registry.example.org" }), new Set());
    expect(problems).toHaveLength(2);
    expect(problems.join()).toContain("--secret registryPassword");
  });

  test("an account at Docker Hub requires a token, and the reverse", () => {
    const problemsOf = (own: Record<string, string>) => validate(settings(own), new Set(["dockerHubToken"])).problems;
    expect(problemsOf({ dockerHubUser: "ada" })).toEqual([
      expect.stringMatching(/^dockerHubToken is missing, as dockerHubUser is set .*--secret dockerHubToken/),
    ]);
    expect(problemsOf({ dockerHubToken: "t" })).toEqual([expect.stringContaining("dockerHubUser is missing")]);
    expect(problemsOf({ dockerHubUser: "ada", dockerHubToken: "t" })).toEqual([]);
  });

  test("logs are shipped from a journal, to a server by its name and port", () => {
    const problemsOf = (own: Record<string, string>) => validate(settings(own), new Set()).problems;
    const target = { logsShipTo: "logs.example.org:6514" };
    expect(problemsOf({ ...target, logsMaxSizeMb: "1024" })).toEqual([]);
    expect(problemsOf(target)).toEqual([expect.stringContaining("logsMaxSizeMb is 0, but logsShipTo is set")]);
    expect(problemsOf({ logsMaxSizeMb: "1", logsShipTo: "logs.example.org" })).toEqual([
      expect.stringContaining("must be host:port of a syslog server"),
    ]);
  });

  test("a window for reboots needs updates, and ports of the firewall are numbers", () => {
    const problemsOf = (own: Record<string, string>) => validate(settings(own), new Set()).problems;
    const reboots = { hardeningRebootWindow: "Sun 03:00-05:00 Europe/Berlin" };
    expect(problemsOf(reboots)).toEqual([expect.stringContaining("hardeningUpdates is not true")]);
    expect(problemsOf({ ...reboots, hardeningUpdates: "true" })).toEqual([]);
    expect(problemsOf({ hardeningRebootWindow: "at night", hardeningUpdates: "true" })).toEqual([
      expect.stringContaining("is not a window such as"),
    ]);
    expect(problemsOf({ hardeningFirewallPorts: '["8443/tcp", "51820/udp"]' })).toEqual([]);
    for (const port of ["0/tcp", "65536/tcp", "80/sctp", "80"]) {
      expect(problemsOf({ hardeningFirewallPorts: JSON.stringify([port]) })).toEqual([
        expect.stringContaining("must be ports such as 8443/tcp"),
      ]);
    }
  });

  test("bans need the log of nginx in the format that they read", () => {
    const problemsOf = (own: Record<string, string>) => validate(settings(own), new Set()).problems;
    expect(problemsOf({ hardeningBans: "true" })).toEqual([]);
    expect(problemsOf({ hardeningBans: "true", logFormat: "text" })).toEqual([
      expect.stringContaining("hardeningBans needs logFormat json"),
    ]);
  });

  test("off-site backups require repository, credentials and a passphrase outside the state", () => {
    const { problems } = validate(settings({ backupS3Bucket: "office" }), new Set());
    expect(problems.map((problem) => problem.split(" is missing")[0])).toEqual([
      "backupS3Endpoint",
      "backupS3AccessKeyId",
      "backupS3SecretAccessKey",
      "backupPassphrase",
    ]);
    for (const problem of problems) expect(problem).toContain("as backupS3Bucket is set (pulumi config set ");
  });

  test.each([
    ["backupTime", "24:00", "a time such as 02:00"],
    ["backupTime", "2:00", "a time such as 02:00"],
    ["backupTimeZone", "Berlin", "a time zone such as Europe/Berlin"],
    ["backupTimeZone", "+01:00", "a time zone such as Europe/Berlin"],
    ["backupS3Endpoint", "s3.example.org", "an address such as https://"],
    ["backupKeepDaily", "0", "a whole number from 1"],
  ])("%s cannot be %s", (name, value, output) => {
    expect(validate(settings({ [name]: value }), new Set()).problems.join()).toContain(`${name} must be ${output}`);
  });

  test("a secret in plain text is rejected and not repeated", () => {
    const { problems } = validate(settings({ adminPassword: "correct horse battery" }), new Set());
    expect(problems).toEqual([expect.stringContaining("pulumi config set --secret adminPassword")]);
    expect(problems.join()).not.toContain("correct horse");
  });

  test("a secret that is too short is named and not repeated", () => {
    const { problems } = validate(settings({ adminPassword: "tiny-secret" }), new Set(["adminPassword"]));
    expect(problems).toEqual([
      "adminPassword must have at least 12 characters (pulumi config set --secret adminPassword …)",
    ]);
  });

  test("a missing project setting without a default is named", () => {
    const own = { settings: { office: setting(z.string(), { description: "Name of the office." }) } };
    expect(validateAny({}, new Set(), own).problems).toEqual(["office is missing (pulumi config set office …)"]);
  });

  test("a setting missing from Pulumi.yaml has its declared default", () => {
    const { replicas: _, ...others } = settings();
    expect(validate(others, new Set()).values?.replicas).toBe(1);
  });
});

describe("the settings that a rollback restores", () => {
  const restored = recorded(settings({ ...SERVER, replicas: "3", secretKeyVersion: "2" }), ownSettings);

  test("are plain settings, with their defaults", () => {
    expect(restored).toMatchObject({ replicas: "3", httpPort: "80", gunicornWorkers: "4" });
  });

  test.each([
    ["serverHost", "where the stack runs"],
    ["forceDestroyData", "a consent"],
    ["databaseVersion", "the version of the data"],
    ["secretKeyVersion", "the version of a secret"],
    ["tlsKey", "a secret"],
    ["adminPassword", "a secret of the project's own"],
  ])("exclude %s, %s", (name) => {
    expect(Object.keys(restored)).not.toContain(name);
  });
});

describe("the site's names", () => {
  test("are localhost without a server, and the server's name or address by default", () => {
    expect(siteNames({ allowedHosts: [] })).toEqual(["localhost", "127.0.0.1"]);
    expect(siteNames({ serverHost: "10.0.0.5", allowedHosts: ["mail"] })).toEqual(["10.0.0.5", "mail"]);
  });

  test("start with the primary name; a certificate does not cover the server's own name", () => {
    const names = { siteName: "mail.example.org", serverHost: "10.0.0.5", allowedHosts: ["mail"] };
    expect(siteNames(names)).toEqual(["mail.example.org", "10.0.0.5", "mail"]);
    expect(certificateNames(names)).toEqual(["mail.example.org", "mail"]);
  });
});

describe("F15: a server with an IPv6 address", () => {
  const own = { ...SERVER, serverHost: "2001:db8::7" };

  test("requires a site that listens on IPv6, unless the site has a name", () => {
    expect(validate(settings(own), new Set()).problems).toEqual([
      "The site's address is 2001:db8::7, but it listens on IPv4 only, httpAddress 0.0.0.0 (pulumi config set httpAddress 0.0.0.0,::)",
    ]);
    const { values } = validate(settings({ ...own, httpAddress: "0.0.0.0, ::" }), new Set());
    expect(values?.httpAddress).toEqual(["0.0.0.0", "::"]);
    expect(validate(settings({ ...own, siteName: "mail.example.org" }), new Set()).problems).toEqual([]);
  });

  test.each(["", "all", "0.0.0.0,", "0.0.0.0;::"])("'%s' is not a list of addresses to listen on", (httpAddress) => {
    expect(validate(settings({ httpAddress }), new Set()).problems.join()).toContain(
      "must be addresses such as 0.0.0.0",
    );
  });
});

test("internationalized names are read in the form of DNS", () => {
  const names = { siteName: "bücher.example", allowedHosts: '["www.bücher.example"]', tls: "self-signed" };
  const { values } = validate(settings({ ...SERVER, serverHost: "münchen.example", ...names }), new Set());
  expect(values).toMatchObject({
    siteName: "xn--bcher-kva.example",
    serverHost: "xn--mnchen-3ya.example",
    allowedHosts: ["www.xn--bcher-kva.example"],
  });
  expect(certificateNames({ siteName: "bücher.example", allowedHosts: [] })).toEqual(["xn--bcher-kva.example"]);
});

describe("HTTPS", () => {
  test("with a certificate from files requires both parts, the key as a secret", () => {
    const { problems } = validate(settings({ tls: "own" }), new Set());
    expect(problems).toEqual([
      "tlsCertificate is missing, as tls is own (pulumi config set tlsCertificate …)",
      "tlsKey is missing, as tls is own (pulumi config set --secret tlsKey …)",
    ]);
    const plain = validate(settings({ tls: "own", tlsCertificate: "text", tlsKey: "hidden" }), new Set());
    expect(plain.problems.join()).toContain("pulumi config set --secret tlsKey");
    expect(plain.problems.join()).not.toContain("hidden");
  });

  test("rejects an unreadable certificate", () => {
    const { problems } = validate(settings({ tls: "own", tlsCertificate: "text", tlsKey: "x" }), new Set(["tlsKey"]));
    expect(problems.join()).toContain("The certificate cannot be read");
  });

  test("from a public authority is rejected for a name it cannot validate, and accepted from a private one", () => {
    const inside = { ...SERVER, serverHost: "mail.lan", tls: "acme" };
    expect(validate(settings(inside), new Set()).problems.join()).toContain("mail.lan");
    const acmeAuthority = "-----BEGIN CERTIFICATE-----";
    expect(validate(settings({ ...inside, acmeAuthority }), new Set()).problems).toEqual([]);
    expect(validate(settings({ ...SERVER, siteName: "mail.berth.dev", tls: "acme" }), new Set()).problems).toEqual([]);
  });

  test("F32: from a public authority requires port 80", () => {
    const site = { ...SERVER, siteName: "mail.berth.dev", tls: "acme", httpPort: "8080" };
    expect(validate(settings(site), new Set()).problems).toEqual([
      expect.stringMatching(/port 80 only, and httpPort is 8080 \(pulumi config set httpPort 80, or set tls to own/),
    ]);
    const acmeAuthority = "-----BEGIN CERTIFICATE-----";
    expect(validate(settings({ ...site, acmeAuthority }), new Set()).problems).toEqual([]);
  });

  test("has a fixed set of kinds", () => {
    expect(validate(settings({ tls: "on" }), new Set()).problems).toEqual([
      'tls must be off, own, self-signed or acme, but is "on" (pulumi config set tls …)',
    ]);
  });
});

describe("F38: the database's connections", () => {
  test("must be enough for old and new containers of a release side by side", () => {
    expect(validate(settings({ replicas: "5" }), new Set()).problems).toEqual([]);
    expect(validate(settings({ replicas: "7" }), new Set()).problems).toEqual([
      "The database has 90 connections for the application (100 less 10 for jobs, backups and tools), but old and new containers of a release need 112: twice backend 7 (replicas) × 4 (gunicornWorkers) × 2. Lower replicas or gunicornWorkers",
    ]);
    expect(validate(settings({ gunicornWorkers: "50" }), new Set()).problems.join()).toContain("need 200");
  });

  test("are counted over all services, against a limit of the project's own", () => {
    const services = { web: ["replicas", 10], worker: [5] };
    expect(connectionProblems({ replicas: "4" }, services)).toEqual([]);
    expect(connectionProblems({ replicas: "4" }, services, 99)).toEqual([expect.stringContaining("need 90")]);
    expect(connectionProblems({ replicas: "many" }, services)).toEqual([]);
  });
});

describe("live reload", () => {
  test("requires debug mode on this machine", () => {
    expect(validate(settings({ liveReload: "true" }), new Set()).problems.join()).toContain("debug mode only");
    const remote = validate(settings({ ...SERVER, liveReload: "true", debug: "true" }), new Set());
    expect(remote.problems.join()).toContain("cannot be used with serverHost");
    expect(validate(settings({ liveReload: "true", debug: "true" }), new Set()).problems).toEqual([]);
  });
});

describe("limits", () => {
  test.each([
    ["backendCpus", "many", "must be a number of processors such as 0.5 or 2"],
    ["backendCpus", "0", "must be a number of processors such as 0.5 or 2"],
    ["databaseMemoryMb", "64", "must be a whole number from 128 to 1048576"],
    ["edgePids", "1", "must be a whole number from 10 to 100000"],
  ])("%s cannot be %s", (name, value, message) => {
    expect(validate(settings({ [name]: value }), new Set()).problems).toEqual([
      `${name} ${message}, but is "${value}" (pulumi config set ${name} …)`,
    ]);
  });

  test("may be fractions of a processor", () => {
    expect(validate(settings({ backendCpus: "0.5" }), new Set()).values?.backendCpus).toBe(0.5);
  });

  test("port 0 is not a valid port for tools", () => {
    const { values } = validate(settings({ adminerPort: "8081" }), new Set());
    expect([values?.databasePort, values?.adminerPort]).toEqual([undefined, 8081]);
  });
});
