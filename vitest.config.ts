import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Whole stories take longest: begun first, they do not keep one core waiting at the end. */
class StoriesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      /\/grants\.test/.test(moduleId)
        ? 0
        : /\/(scenarios|rehearsal)\/|make-runbook|random-bodies/.test(moduleId)
          ? 1
          : 2;
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // For what hangs; how long a test takes depends on what else the machine does.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Functions of the sandbox run in the process of their test, where local time is what it is in Lambda.
    env: { TZ: 'UTC' },
    // What modules keep between tests (what is linked, hashed, or listens for the process) is the same for all of them.
    isolate: false,
    sequence: { sequencer: StoriesFirst },
  },
});
