import { fileURLToPath } from 'node:url';
import { ConfigError } from './config/load-config.ts';
import { makeApp } from './synthesise.ts';

try {
  const app = await makeApp({ projectRoot: fileURLToPath(new URL('..', import.meta.url)) });
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
