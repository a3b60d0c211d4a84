import { join } from 'node:path';
import { type Bundle, bundleFunctions } from './bundle-functions.ts';
import type { AppOptions } from './make-app.ts';

export interface SynthesiseOptions extends Omit<AppOptions, 'bundles'> {
  readonly outdir: string;
  /** The functions, where somebody has begun to bundle them. @default - they are bundled now */
  readonly bundles?: Promise<readonly Bundle[]>;
}

/**
 * Synthesises into a directory, as `cdk synth` does, and answers it. Throws with every finding that is not explained. The
 * CDK, which takes as long to load as the functions to be bundled, is loaded meanwhile.
 */
export async function synthesise({
  projectRoot,
  buildDirectory = join(projectRoot, '.build'),
  bundles: bundling = bundleFunctions(projectRoot, buildDirectory),
  ...options
}: SynthesiseOptions): Promise<string> {
  const [bundles, { makeApp }] = await Promise.all([bundling, import('./make-app.ts')]);
  const app = await makeApp({ ...options, projectRoot, buildDirectory, bundles });
  return app.synth().directory;
}
