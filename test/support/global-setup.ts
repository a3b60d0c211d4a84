import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../infra/config/load-config.ts';
import { withoutWindows } from '../../infra/config/without-windows.ts';
import { synthesise } from '../../infra/synthesise.ts';

/** Synthesises the stack once for all tests that play on it, as it is when every runbook has been rehearsed. */
export default async function setup(): Promise<void> {
  const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
  await synthesise({
    projectRoot,
    outdir: `${projectRoot}/.build/test-assembly`,
    config: withoutWindows(loadConfig(projectRoot)),
    assumeCertified: true,
    validate: false,
  });
}
