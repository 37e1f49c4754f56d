/** Exit codes of the command, as docs/commands.md lists them. */
export const EXIT = {
  /** The command succeeded and found no problem. */
  done: 0,
  /** The command failed or found a problem. */
  failed: 1,
  /** Wrong command, argument or option. */
  usage: 2,
  /** `plan`: the release changes data. */
  dataChange: 3,
  /** `plan`: a policy or the server refuses the release. */
  refused: 4,
  /** `drift`: the stack differs from the last deployment. */
  differs: 4,
  /** `update --check`: base images have newer digests, or none in the lock. */
  outdated: 4,
  /** Another deployment holds the stack (sysexits.h: try again later). */
  locked: 75,
} as const;
