import { execa } from "execa";

/** Differences between a site's TLS and Mozilla's intermediate profile, as sslyze reports them. */
export async function deviationsFromMozilla(name: string, address: string): Promise<string[]> {
  const scan = ["-m", "sslyze", "--mozilla_config", "intermediate", `${name}:443{${address}}`];
  const { all } = await execa("python3", scan, { env: { PYTHONPATH: ".tools" }, all: true, reject: false });
  const [, verdict] = all.split("COMPLIANCE AGAINST TLS CONFIGURATION");
  if (!verdict?.includes(name)) throw new Error(`sslyze came to no verdict:\n${all}`);
  if (/: OK - Compliant/.test(verdict)) return [];
  return [...verdict.matchAll(/^ +\* (\w+):/gm)].map(([, what]) => what ?? "");
}
