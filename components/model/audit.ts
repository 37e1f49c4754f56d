/** Folder of the audit logs on a server. On this machine, they are in the account's own folder for state. */
const ON_SERVER = "/var/lib/berth";

/** The folder for audit-line.sh; empty for this machine, whose ssh prefix is empty. */
export function auditFolder(sshPrefix: string): string {
  return sshPrefix === "" ? "" : ON_SERVER;
}
