import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificateProblems, ownCertificate, publicNameProblems } from "../../../components/edge/certificate";
import { run } from "../../servers/docker";

let folder: string;
let site: Pair;
let authority: Pair;
let other: Pair;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "berth-certificate-"));
  authority = await make("authority");
  site = await make("site", "DNS:mail.example.org,DNS:*.apps.example.org,IP:203.0.113.7", authority);
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
    expect(certificateProblems({ certificate: site.certificate, key: other.key, names })).toEqual([
      expect.stringContaining("does not belong to the certificate"),
    ]);
  });

  test("must come first in its chain", () => {
    const certificate = authority.certificate + site.certificate;
    expect(certificateProblems({ certificate, key: site.key, names })[0]).toContain("wrong order");
  });

  test("requires a key without a passphrase", async () => {
    const key = await run("openssl", ["pkey", "-aes256", "-passout", "pass:hidden"], site.key);
    expect(certificateProblems({ certificate: site.certificate, key, names })).toEqual([
      expect.stringContaining("has a passphrase"),
    ]);
  });

  test.each([
    ["2001-01-01", /^The certificate is not valid before \d{4}-\d\d-\d\d\.$/],
    ["2101-01-01", /^The certificate expired on \d{4}-\d\d-\d\d/],
  ])("is not valid in %s", (date, said) => {
    const problems = certificateProblems({ certificate: site.certificate, key: site.key, names, now: new Date(date) });
    expect(problems).toEqual([expect.stringMatching(said)]);
  });

  test.each(["www.example.org", "example.org", "198.51.100.1"])("does not cover %s", (name) => {
    expect(certificateProblems({ certificate: site.certificate, key: site.key, names: [...names, name] })).toEqual([
      `The certificate does not cover ${name}, so browsers would show a warning. It covers mail.example.org, *.apps.example.org, 203.0.113.7.`,
    ]);
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
async function make(name: string, subjectAltName?: string, issuer?: Pair): Promise<Pair> {
  const [certificate, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  await run("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", `/CN=${name}`, "-keyout", key, "-out", certificate],
    ...(subjectAltName ? ["-addext", `subjectAltName=${subjectAltName}`] : []),
    ...(issuer ? ["-CA", join(folder, "authority.crt"), "-CAkey", join(folder, "authority.key")] : []),
  ]);
  return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
}
