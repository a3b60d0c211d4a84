import { fileURLToPath } from 'node:url';
import { ConfigError, loadConfig } from './config/load-config.ts';
import { placeholderDocuments, placeholdersIn } from './config/placeholders.ts';
import { loadApp, synthesiseApp } from './synthesise.ts';
import { TemplateTooBigError } from './template-size.ts';

const projectRoot = fileURLToPath(new URL('..', import.meta.url));
try {
  const config = loadConfig(projectRoot);
  const app = await loadApp({ projectRoot, config });
  const { Annotations } = await import('aws-cdk-lib');
  // Said to whoever deploys; the sandbox works with the placeholders.
  const { deployed, runbooks } = config;
  for (const warning of [...placeholdersIn(deployed), ...placeholderDocuments(runbooks)]) {
    Annotations.of(app.node.findChild('handsoff')).addWarningV2('handsoff:placeholder', warning);
  }
  synthesiseApp(app);
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof TemplateTooBigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
