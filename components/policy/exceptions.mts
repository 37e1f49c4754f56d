/** Violations that a stack's configuration permits, each as `rule:resource`. */
export class Exceptions {
  readonly #allowed: Set<string>;

  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed);
  }

  allows(rule: string, resource: string): boolean {
    return this.#allowed.has(`${rule}:${resource}`);
  }
}

/** The message for a violation, with the exception that would permit it. */
export function violation(rule: string, resource: string, problem: string): string {
  return `${resource} ${problem}. To permit it, add "${rule}:${resource}" to policyExceptions of the stack.`;
}
