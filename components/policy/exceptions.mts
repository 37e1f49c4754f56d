/** What a stack's configuration says is on purpose: `rule:resource` each. */
export class Exceptions {
  readonly #allowed: Set<string>;

  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed);
  }

  allows(rule: string, resource: string): boolean {
    return this.#allowed.has(`${rule}:${resource}`);
  }
}

/** A violation as it is told, with the way to say that it is on purpose. */
export function told(rule: string, resource: string, problem: string): string {
  return `${resource} ${problem}. If that is on purpose, add "${rule}:${resource}" to policyExceptions of the stack.`;
}
