/** An error the user can act on: its message says what is wrong and what to do. The command prints it without a stack trace. */
export class Problem extends Error {
  /** Exit code of the command. Default: 1. */
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
