import { expect } from "vitest";
import { LABELS, labelIn } from "../../components/model/labels";

/** The security settings of a container, as Docker reports them. */
export interface SecuritySettings {
  Name: string;
  Config: { User: string; Labels: Record<string, string> };
  HostConfig: object;
}

/** The user that a service's container starts as, and the capabilities it has. */
interface Privileges {
  user: RegExp;
  capabilities: string[] | null;
}

const NO_ROOT: Privileges = { user: /^[1-9]\d*:\d+$/, capabilities: null };

/** The only services that run as root, each with the least it needs. Any other container that does fails the check. */
const ROOT = new Map<string, Privileges>([
  // certbot, in nginx's group, which reads the certificate.
  ["certificate", { user: /^0:101$/, capabilities: null }],
  // Reads the files of all users, and runs a drill's PostgreSQL as its own user.
  ["backups", { user: /^0:0$/, capabilities: ["CAP_DAC_OVERRIDE", "CAP_SETGID", "CAP_SETUID"] }],
]);

/** Services that run once and are not restarted. */
const JOBS = ["migrate"];

/**
 * No root except in `ROOT`, no capability, no new privileges, a read-only root file system, limits, log rotation and the restart policy,
 * for every container.
 */
export function expectHardened({ Name, Config, HostConfig }: SecuritySettings): void {
  const service = labelIn(Config.Labels, "service");
  if (!service) throw new Error(`${Name} has no label ${LABELS.service}`);
  const { user, capabilities } = ROOT.get(service) ?? NO_ROOT;
  expect({ Name, user: Config.User, ...HostConfig }).toMatchObject({
    Name,
    user: expect.stringMatching(user),
    Privileged: false,
    CapDrop: ["ALL"],
    CapAdd: capabilities,
    SecurityOpt: ["no-new-privileges"],
    ReadonlyRootfs: true,
    Memory: expect.toSatisfy((bytes: number) => bytes > 0),
    NanoCpus: expect.toSatisfy((nanos: number) => nanos > 0),
    PidsLimit: expect.toSatisfy((limit: number) => limit > 0),
    LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    RestartPolicy: { Name: JOBS.includes(service) ? "no" : "unless-stopped", MaximumRetryCount: 0 },
    PidMode: "",
    IpcMode: "private",
  });
}
