/** Something that a person can act on: the message says what is wrong and what to do. The command prints it and ends. */
export class Problem extends Error {
  /** Exit code of the command. */
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
