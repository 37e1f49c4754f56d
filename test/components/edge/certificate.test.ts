import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificateProblems, ownCertificate, publicNameProblems } from "../../../components/edge/certificate";
import { expiryWarnings } from "../../../components/edge/certificate-chain";
import { run } from "../../servers/docker";

let folder: string;
let site: Pair;
let authority: Pair;
let long: Pair;
let chain: string;
let other: Pair;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "berth-certificate-"));
  authority = await make("authority");
  site = await make("site", "DNS:mail.example.org,DNS:*.apps.example.org,IP:203.0.113.7", authority);
  long = await make("long", "DNS:mail.example.org", authority, 60);
  chain = site.certificate + authority.certificate;
  other = await make("other", "DNS:mail.example.org");
});
afterAll(() => rmSync(folder, { recursive: true }));

const names = ["mail.example.org"];

describe("a certificate from files", () => {
  test("is valid with its key, its chain and the names it covers", () => {
    const certificate = site.certificate + authority.certificate;
    const covered = [...names, "crm.apps.example.org", "203.0.113.7"];
    expect(certificateProblems({ certificate, key: site.key, names: covered })).toEqual([]);
  });

  test("reaches nginx as two files, whose paths it returns", () => {
    const { chain, key, files } = ownCertificate({ certificate: site.certificate, key: site.key });
    expect(files).toEqual({ [chain]: site.certificate, [key]: site.key });
  });

  test("is reported together with its key when both are unreadable, without their contents", () => {
    const problems = certificateProblems({ certificate: "chain.pem", key: "secret.pem", names });
    expect(problems).toEqual([
      expect.stringContaining("The certificate cannot be read"),
      expect.stringContaining("The key cannot be read"),
    ]);
    expect(problems.join()).not.toMatch(/chain\.pem|secret\.pem/);
  });

  test("requires the matching key", () => {
    expect(certificateProblems({ certificate: chain, key: other.key, names })).toEqual([
      expect.stringContaining("does not belong to the certificate"),
    ]);
  });

  test("must come first in its chain", () => {
    const certificate = authority.certificate + site.certificate;
    expect(certificateProblems({ certificate, key: site.key, names })[0]).toContain("wrong order");
  });

  test("requires a key without a passphrase", async () => {
    const key = await run("openssl", ["pkey", "-aes256", "-passout", "pass:hidden"], site.key);
    expect(certificateProblems({ certificate: chain, key, names })).toEqual([
      expect.stringContaining("has a passphrase"),
    ]);
  });

  test.each([
    ["2001-01-01", /^The certificate is not valid before \d{4}-\d\d-\d\d\.$/],
    ["2101-01-01", /^The certificate expired on \d{4}-\d\d-\d\d/],
  ])("is not valid in %s", (date, said) => {
    const problems = certificateProblems({ certificate: chain, key: site.key, names, now: new Date(date) });
    expect(problems).toEqual([expect.stringMatching(said)]);
  });

  test.each(["www.example.org", "example.org", "198.51.100.1"])("does not cover %s", (name) => {
    expect(certificateProblems({ certificate: chain, key: site.key, names: [...names, name] })).toEqual([
      `The certificate does not cover ${name}, so browsers would show a warning. It covers mail.example.org, *.apps.example.org, 203.0.113.7.`,
    ]);
  });
});

describe("F31: a chain", () => {
  const problemsOf = (certificate: string, now = new Date()) =>
    certificateProblems({ certificate, key: site.key, names, now });

  test("without the certificate of the authority is refused, unless the site's own is self-signed", () => {
    expect(problemsOf(site.certificate)).toEqual([
      expect.stringMatching(/only the site's certificate, without that of its authority \(CN=authority\)\. Append/),
    ]);
    expect(certificateProblems({ certificate: other.certificate, key: other.key, names })).toEqual([]);
  });

  test("with a broken or foreign certificate is refused", () => {
    const broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    expect(problemsOf(chain + broken)).toEqual([expect.stringContaining("Certificate 3 of the chain cannot be read")]);
    expect(problemsOf(site.certificate + other.certificate)).toEqual([
      expect.stringContaining("CN=other in the chain did not issue the certificate before it, CN=site"),
    ]);
    expect(problemsOf(site.certificate + other.certificate + authority.certificate)).toHaveLength(2);
  });

  test("with an expired authority is refused", () => {
    const later = new Date(Date.now() + 10 * 86_400_000);
    const certificate = long.certificate + authority.certificate;
    expect(certificateProblems({ certificate, key: long.key, names, now: later })).toEqual([
      expect.stringMatching(/^The certificate CN=authority in the chain expired on/),
    ]);
  });

  test("without names is refused, whatever the common name is", async () => {
    const named = await make("mail.example.org", undefined, authority);
    const certificate = named.certificate + authority.certificate;
    expect(certificateProblems({ certificate, key: named.key, names })).toEqual([
      expect.stringContaining("no names (Subject Alternative Name)"),
    ]);
  });

  test("that expires soon is a warning with the date", () => {
    expect(expiryWarnings(site.certificate)).toEqual([
      expect.stringMatching(/^The certificate CN=site in tlsCertificate expires on \d{4}-\d\d-\d\d, in 1 day\./),
    ]);
    expect(expiryWarnings(chain, new Date("2001-01-01"))).toEqual([]);
  });
});

describe("a public certificate authority", () => {
  test.each(["mail.example.org", "example.com", "localhost.example.net", "xn--bcher-kva.example.org"])(
    "can issue a certificate for %s",
    (name) => {
      expect(publicNameProblems([name])).toEqual([]);
    },
  );

  test.each([
    ["localhost", "it is a private name"],
    ["mail.local", "it is a private name"],
    ["mail.home.arpa", "it is a private name"],
    ["mailserver", "it has no domain"],
    ["203.0.113.7", "it is an address"],
    ["2001:db8::7", "it is an address"],
    ["*.example.org", "a wildcard cannot be validated over HTTP"],
  ])("cannot issue a certificate for %s: %s", (name, reason) => {
    expect(publicNameProblems(["mail.example.org", name])).toEqual([
      expect.stringContaining(`for ${name}: ${reason}. Use the site's public name`),
    ]);
  });
});

interface Pair {
  certificate: string;
  key: string;
}

/** A certificate and its key, created with openssl: self-signed, or signed by an issuer. */
async function make(name: string, subjectAltName?: string, issuer?: Pair, days = 2): Promise<Pair> {
  const [certificate, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  await run("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", String(days)],
    ...["-subj", `/CN=${name}`, "-keyout", key, "-out", certificate],
    ...(subjectAltName ? ["-addext", `subjectAltName=${subjectAltName}`] : []),
    ...(issuer ? ["-CA", join(folder, "authority.crt"), "-CAkey", join(folder, "authority.key")] : []),
  ]);
  return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
}
