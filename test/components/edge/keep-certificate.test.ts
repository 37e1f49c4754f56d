import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { scriptBeside } from "../../../components/scripts";

const PARTS = ["served", "self-signed", "lego", "authority"].map((part) => `certificate/${part}.sh`);

/** Goes to lego's argument --path: "$2" is the folder. */
const TO_PATH = 'while [ "$1" != --path ]; do shift; done';

let folder: string;
let served: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-keep-"));
  served = join(folder, "certificates/site.pem");
  for (const inside of ["certificates", "store", "tmp", "bin"]) mkdirSync(join(folder, inside));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the certificate manager's script with its folders in a temporary one, and a lego that does what the text says. */
async function run(command: string, lego = "exit 1"): Promise<string> {
  const script = [...PARTS, "keep-certificate.sh"]
    .map((part) => scriptBeside(join(__dirname, "../../../components/edge"), part))
    .join("")
    .replaceAll("/tmp/", join(folder, "tmp/"))
    .replaceAll("/srv/certificates", join(folder, "certificates"))
    .replaceAll("/etc/letsencrypt", join(folder, "store"))
    // `keep` ends before its first wait.
    .replace("while :; do", "while false; do");
  writeFileSync(join(folder, "bin/lego"), `#!/bin/sh\n${lego}\n`, { mode: 0o755 });
  const { all, failed } = await execa("sh", ["-c", script, "sh", command], {
    env: {
      ...{ PATH: `${folder}/bin:${process.env["PATH"]}`, NAMES: "example.org *.example.org", CHECK_SECONDS: "60" },
      ...{ DIRECTORY: "https://ca.example.org/dir", EMAIL: "", DNS_PROVIDER: "rfc2136" },
      ...{ DNS_CREDENTIALS: "/run/secrets/dns.env", DNS_RESOLVERS: "" },
    },
    all: true,
    reject: false,
  });
  return `${failed ? "failed: " : ""}${all}`;
}

/** Creates a certificate and its key as PEM text. */
async function make(issuer: string): Promise<{ chain: string; key: string }> {
  const [chain, key] = [join(folder, "made.crt"), join(folder, "made.key")];
  await execa("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", `/CN=${issuer}`, "-addext", "subjectAltName=DNS:example.org,DNS:*.example.org"],
    ...["-keyout", key, "-out", chain],
  ]);
  return { chain: readFileSync(chain, "utf8"), key: readFileSync(key, "utf8") };
}

/** Serves a certificate of this issuer, and returns its text. */
async function serve(issuer: string): Promise<string> {
  const { chain, key } = await make(issuer);
  writeFileSync(served, chain + key);
  return chain + key;
}

/** Stores a certificate as lego does, so many seconds ago, and returns its text. */
async function issue(secondsAgo: number): Promise<string> {
  const { chain, key } = await make("Authority");
  await run("obtain", `${TO_PATH}; echo "$2" >${join(folder, "path")}; exit 1`);
  const certificates = join(readFileSync(join(folder, "path"), "utf8").trim(), "certificates");
  mkdirSync(certificates, { recursive: true });
  writeFileSync(join(certificates, "site.crt"), chain);
  writeFileSync(join(certificates, "site.key"), key);
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(join(certificates, "site.crt"), then, then);
  return chain + key;
}

const inUse = () => readFileSync(served, "utf8");

test("a first start signs a certificate, so that nginx can start", async () => {
  expect(await run("keep")).toContain("In use: issued by CN = Self-signed certificate");
  expect(await run("healthy")).not.toContain("failed");
});

test("the certificate in use is kept when another client or authority takes over", async () => {
  const before = await serve("Other authority");
  await run("keep");
  expect(inUse(), "without a certificate of its own").toBe(before);
  await issue(3600);
  await run("keep");
  expect(inUse(), "with an older one").toBe(before);
});

test("a certificate that was issued before the manager stopped is served at its start", async () => {
  await serve("Other authority");
  const issued = await issue(-60);
  await run("keep");
  expect(inUse()).toBe(issued);
});

test("an earlier certificate of the authority replaces a self-signed one", async () => {
  await serve("Self-signed certificate");
  const issued = await issue(3600);
  await run("keep");
  expect(inUse()).toBe(issued);
});

test("a refusal keeps the certificate, and the reason is lego's error", async () => {
  const before = await serve("Other authority");
  const said = `printf '%s\\n' 'time=1 level=ERROR msg=Error error="obtain certificate: resolver: one or more domains had a problem:\\n[example.org: \\"no\\"]"'; exit 1`;
  const output = await run("obtain", said);
  expect(output).toBe('failed: No certificate from https://ca.example.org/dir: [example.org: "no"]');
  expect(await run("healthy")).toMatch(/^failed: No certificate from .*\[example\.org: "no"\] \(In use: issued by/);
  expect(inUse()).toBe(before);
});

test("a crash of lego is reported with its last lines", async () => {
  await serve("Other authority");
  expect(await run("obtain", "echo one; echo panic: two; exit 2")).toContain("one; panic: two");
  expect(await run("obtain", "exit 2")).toContain("lego failed and said nothing");
});

test("an account that was not registered at the first attempt is not kept for the next", async () => {
  await serve("Other authority");
  const account = `${TO_PATH}; [ ! -e "$2/accounts" ] || echo again; mkdir -p "$2/accounts"`;
  await run("obtain", `${account}; echo '{ "registration": null }' >"$2/accounts/account.json"; exit 1`);
  expect(
    await run("obtain", `${account}; echo '{ "registration": {} }' >"$2/accounts/account.json"; exit 1`),
  ).toContain("said nothing");
  expect(await run("obtain", `${account}; exit 1`)).toContain("again");
});

test("lego gets the names, and the credentials as the path of a file", async () => {
  await serve("Other authority");
  await run("obtain", `echo "$*" >${join(folder, "called")}; exit 1`);
  const called = readFileSync(join(folder, "called"), "utf8");
  expect(called).toContain("--env-file /run/secrets/dns.env");
  expect(called).toContain("--domains example.org --domains *.example.org");
  expect(called).toContain("--dns.propagation.disable-rns");
  expect(readdirSync(folder)).not.toContain("dns.env");
});
