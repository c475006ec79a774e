import type { TestCase, Reporter } from 'vitest/node';

/** Names the tests that passed only when they were tried again; without it vitest says nothing of them. */
export default class Unsteady implements Reporter {
  private readonly names: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky === true) this.names.push(`${test.module.relativeModuleId}: ${test.fullName}`);
  }

  onTestRunEnd(): void {
    for (const name of this.names) process.stdout.write(`UNSTEADY ${name}\n`);
  }
}
