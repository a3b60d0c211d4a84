import type { App } from 'aws-cdk-lib';
import { type Bundle, bundleFunctions } from './bundle-functions.ts';
import type { AppOptions } from './make-app.ts';

export interface SynthesiseOptions extends Omit<AppOptions, 'bundles'> {
  /** The functions, where somebody has begun to bundle them. @default - they are bundled now */
  readonly bundles?: Promise<readonly Bundle[]>;
}

/** Synthesises into a directory, as `cdk synth` does, and answers it. Throws with every finding that is not explained. */
export async function synthesise(options: SynthesiseOptions & { readonly outdir: string }): Promise<string> {
  const app = await loadApp(options);
  return app.synth().directory;
}

/** Makes the app. The CDK is loaded while the functions are bundled, which takes as long. */
export async function loadApp(options: SynthesiseOptions): Promise<App> {
  const bundling = options.bundles ?? bundleFunctions(options.projectRoot);
  const [bundles, { makeApp }] = await Promise.all([bundling, import('./make-app.ts')]);
  return makeApp({ ...options, bundles });
}
