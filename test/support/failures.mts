import type { Reporter, TestModule } from "vitest/node";

/** Names what failed once more, a line each, at the very end: of a long run, that is often all one is shown. */
export class FailuresLast implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      const file = module.relativeModuleId;
      say(file, module.errors());
      for (const suite of module.children.allSuites()) say(`${file} > ${suite.fullName}`, suite.errors());
      for (const test of module.children.allTests()) say(`${file} > ${test.fullName}`, test.result().errors);
    }
  }
}

function say(what: string, errors: readonly { message: string }[] = []): void {
  for (const { message } of errors) console.error(`failed: ${what}: ${message.split("\n", 1)[0]}`);
}
