import { expect } from "vitest";

/** The security settings of a container, as Docker reports them. */
export interface SecuritySettings {
  Name: string;
  Config: { User: string };
  HostConfig: object;
}

/** A user, no capability, no new privileges, a read-only root, limits and log rotation, for every container. */
export function expectHardened({ Name, Config, HostConfig }: SecuritySettings): void {
  // certbot runs as root without any capability; so does the backup container, with three of them to read the files of
  // all users.
  const backups = Name.includes("-backups-");
  const user = Name.includes("-certificate-") || backups ? /^0:\d+$/ : /^[1-9]\d*:\d+$/;
  expect({ Name, user: Config.User, ...HostConfig }).toMatchObject({
    Name,
    user: expect.stringMatching(user),
    Privileged: false,
    CapDrop: ["ALL"],
    CapAdd: backups ? ["CAP_DAC_OVERRIDE", "CAP_SETGID", "CAP_SETUID"] : null,
    SecurityOpt: ["no-new-privileges"],
    ReadonlyRootfs: true,
    Memory: expect.toSatisfy((bytes: number) => bytes > 0),
    NanoCpus: expect.toSatisfy((nanos: number) => nanos > 0),
    PidsLimit: expect.toSatisfy((limit: number) => limit > 0),
    LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    PidMode: "",
    IpcMode: "private",
  });
}
