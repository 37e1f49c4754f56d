import { execa } from "execa";

/** What sslyze says of a site's TLS, measured against Mozilla's intermediate profile. */
export async function tlsScan(name: string, address: string): Promise<string> {
  const { all } = await execa(
    "python3",
    ["-m", "sslyze", "--mozilla_config", "intermediate", `${name}:443{${address}}`],
    { env: { PYTHONPATH: ".tools" }, all: true, reject: false },
  );
  return all;
}
