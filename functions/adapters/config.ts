import { readFileSync } from 'node:fs';
import type { DeployedConfig } from '../domain/deployed-config.ts';

/** The configuration that was validated at synth and lies beside the bundle. Throws at cold start when it does not. */
export function readConfig(): DeployedConfig {
  const value: unknown = JSON.parse(readFileSync(new URL('config.json', import.meta.url), 'utf8'));
  if (!isDeployedConfig(value))
    throw new Error('config.json beside this function is not the deployed configuration; synthesise again.');
  return value;
}

function isDeployedConfig(value: unknown): value is DeployedConfig {
  if (typeof value !== 'object' || value === null) return false;
  return 'services' in value && Array.isArray(value.services) && 'routes' in value && Array.isArray(value.routes);
}
