/** A stack and the machine its Docker engine runs on. */
export interface Place {
  /** The ssh command line up to the remote command, quoted for a shell; empty for this machine. */
  sshPrefix: string;
  project: string;
  stack: string;
  /** The server's name among several. Default: none, the only one or the one with the data. */
  server?: string;
}
