import { fileURLToPath } from 'node:url';
import { bundleFunctions } from './bundle-functions.ts';
import { ConfigError, loadConfig } from './config/load-config.ts';
import { placeholderDocuments, placeholdersIn } from './config/placeholders.ts';

const projectRoot = fileURLToPath(new URL('..', import.meta.url));
try {
  // The CDK takes as long to load as the functions to be bundled.
  const [bundles, { Annotations }, { makeApp }] = await Promise.all([
    bundleFunctions(projectRoot),
    import('aws-cdk-lib'),
    import('./make-app.ts'),
  ]);
  const app = await makeApp({ projectRoot, bundles });
  // Said to whoever deploys; the sandbox works with the placeholders.
  const { deployed, runbooks } = loadConfig(projectRoot);
  for (const warning of [...placeholdersIn(deployed), ...placeholderDocuments(runbooks)]) {
    Annotations.of(app.node.findChild('handsoff')).addWarningV2('handsoff:placeholder', warning);
  }
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
