/** Exit codes of the command, as docs/commands.md lists them. */
export const EXIT = {
  /** Done, and all is well. */
  done: 0,
  /** It failed, or something is not well. */
  failed: 1,
  /** The words after `berth` are wrong. */
  usage: 2,
  /** `plan`: the release changes data. */
  dataChange: 3,
  /** `plan`: a policy refuses the release. */
  refused: 4,
  /** `drift`: something differs from what was deployed. */
  differs: 4,
  /** Another deployment holds the stack (sysexits.h: try again later). */
  locked: 75,
} as const;
