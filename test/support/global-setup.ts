import { fileURLToPath } from 'node:url';
import { bundleFunctions } from '../../infra/bundle-functions.ts';

/** Synthesises the stack once for all tests that play on it, as it is when every runbook has been rehearsed. */
export default async function setup(): Promise<void> {
  const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
  // The CDK takes as long to load as the functions to be bundled.
  const [bundles, { synthesise }] = await Promise.all([
    bundleFunctions(projectRoot),
    import('../../infra/synthesise.ts'),
  ]);
  await synthesise({
    projectRoot,
    bundles,
    outdir: `${projectRoot}/.build/test-assembly`,
    assumeCertified: true,
    validate: false,
  });
}
