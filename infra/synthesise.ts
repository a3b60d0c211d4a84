import type { App } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { type Bundle, bundleFunctions } from './bundle-functions.ts';
import { loadConfig, type LoadedConfig } from './config/load-config.ts';
import type { AppOptions } from './make-app.ts';
import { refuseTooBig } from './template-size.ts';

export interface SynthesiseOptions extends Omit<AppOptions, 'bundles' | 'config'> {
  /** The functions, where somebody has begun to bundle them. @default - they are bundled now */
  readonly bundles?: Promise<readonly Bundle[]>;
  /** What the app is made from. @default - as it is in the checkout */
  readonly config?: LoadedConfig;
}

/** Synthesises into a directory, as `cdk synth` does, and answers it. Throws with every finding that is not explained. */
export async function synthesise(options: SynthesiseOptions & { readonly outdir: string }): Promise<string> {
  return synthesiseApp(await loadApp(options)).directory;
}

/** Synthesises an app. Throws also for what CloudFormation would not take. */
export function synthesiseApp(app: App): CloudAssembly {
  const assembly = app.synth();
  refuseTooBig(assembly);
  return assembly;
}

/** Makes the app. All that it needs is loaded while the functions are bundled, which takes longest. Throws a `ConfigError`. */
export async function loadApp(options: SynthesiseOptions): Promise<App> {
  const { projectRoot, bundles: bundling = bundleFunctions(projectRoot), validate = true } = options;
  // Where the configuration is wrong, nobody hears of them.
  bundling.catch(() => undefined);
  const config = options.config ?? loadConfig(projectRoot);
  const [bundles, { makeApp }] = await Promise.all([
    bundling,
    import('./make-app.ts'),
    ...(validate ? [import('cdk-nag')] : []),
  ]);
  return makeApp({ ...options, config, bundles });
}
