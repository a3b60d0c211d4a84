import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { type Bundle, bundleFunctions } from '../../infra/bundle-functions.ts';
import { loadConfig } from '../../infra/config/load-config.ts';
import { withoutWindows } from '../../infra/config/without-windows.ts';
import { synthesise } from '../../infra/synthesise.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The functions of the repository. */
    readonly bundles: readonly Bundle[];
  }
}

/**
 * Bundles the functions and synthesises the stack once for all tests, as it is when every runbook has been rehearsed.
 * Whatever tests put into the temporary directory goes into one of this run, which is removed at its end.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temporary = mkdtempSync(join(tmpdir(), 'handsoff-tests-'));
  process.env.TMPDIR = temporary;
  const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
  const bundles = bundleFunctions(projectRoot);
  await synthesise({
    projectRoot,
    bundles,
    outdir: `${projectRoot}/.build/test-assembly`,
    config: withoutWindows(loadConfig(projectRoot)),
    assumeCertified: true,
    validate: false,
  });
  project.provide('bundles', await bundles);
  return () => rm(temporary, { recursive: true, force: true });
}
