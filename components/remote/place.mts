/** Where a stack's engine is, and whose things there are meant. */
export interface Place {
  /** The ssh call up to the remote command, as one line for a shell; empty for this machine's engine. */
  sshPrefix: string;
  project: string;
  stack: string;
}
