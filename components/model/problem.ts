/** An error that the user can fix: its message contains the problem and the fix. The command prints it without a stack trace. */
export class Problem extends Error {
  /** Exit code of the command. Default: 1. */
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
