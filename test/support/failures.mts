import type { Reporter, TestCase, TestModule } from "vitest/node";

/**
 * Reports each failure at once, since the other tests may take half an hour, and lists all failed tests at the end, one
 * per line: of a long run, often only the end is visible.
 */
export class Failures implements Reporter {
  onTestCaseResult(test: TestCase): void {
    for (const { message, diff = "" } of test.result().errors ?? []) {
      console.error(`\nfailed: ${test.module.relativeModuleId} > ${test.fullName}: ${message}\n${diff}\n`);
    }
  }

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
