import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** A self-signed certificate for a name, and its key; both PEM, for 30 days. */
export async function selfSignedCertificate(name: string): Promise<{ certificate: string; key: string }> {
  const folder = await mkdtemp(join(tmpdir(), "certificate-"));
  const files = { certificate: join(folder, "own.pem"), key: join(folder, "own.key") };
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"];
  await execa("openssl", ["req", "-x509", ...newKey, ...subject, "-keyout", files.key, "-out", files.certificate]);
  const made = { certificate: await readFile(files.certificate, "utf8"), key: await readFile(files.key, "utf8") };
  await rm(folder, { recursive: true });
  return made;
}
