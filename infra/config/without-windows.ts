import type { LoadedConfig } from './load-config.ts';

/** The same without freezes and maintenance: whether a runbook does what it should is no matter of the day. */
export function withoutWindows(config: LoadedConfig): LoadedConfig {
  const { deployed } = config;
  return {
    ...config,
    deployed: {
      ...deployed,
      changes: { ...deployed.changes, freezes: [] },
      triage: { ...deployed.triage, maintenance: [] },
    },
  };
}
