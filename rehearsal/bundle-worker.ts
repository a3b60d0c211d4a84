import { readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const source = fileURLToPath(new URL('./rehearsal-worker.ts', import.meta.url));
/** In the checkout, where packages are found. */
const checkout = dirname(dirname(source));

/**
 * Makes one file of the rehearsing process, without its packages, and answers where it is: to transform and load some
 * three hundred sources one by one takes each process three times as long.
 */
export async function bundleWorker(): Promise<string> {
  const bundled = join(checkout, '.build/rehearsal-worker.mjs');
  // Another rehearsal of the same checkout may be reading it.
  const written = `${bundled}.${process.pid}`;
  await esbuild.build({
    absWorkingDir: checkout,
    entryPoints: [source],
    outfile: written,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    define: { 'import.meta.url': 'ownUrl' },
    plugins: [ownUrls],
    logLevel: 'error',
  });
  renameSync(written, bundled);
  return bundled;
}

/** What lies beside a source is found there, not beside the bundle. */
const ownUrls: esbuild.Plugin = {
  name: 'own-urls',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: `const ownUrl = ${JSON.stringify(pathToFileURL(path).href)};${readFileSync(path, 'utf8')}`,
      loader: 'ts',
    }));
  },
};
