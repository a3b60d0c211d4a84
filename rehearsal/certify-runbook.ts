import { writeLock } from '../infra/certificates.ts';
import type { PreparedRunbook } from './prepare-rehearsal.ts';
import type { RunbookRehearsal } from './runbook-rehearsal.ts';

/**
 * Writes the certificate of a runbook that was rehearsed whole, with what breaks and every guard, and passed in all of it. Any
 * other gets none, and keeps the one that it has.
 */
export function certifyRunbook(prepared: PreparedRunbook, result: RunbookRehearsal): void {
  if (!result.whole || !result.passed) return;
  const { directory, manifest, artifacts, rehearsals } = prepared;
  const { states, transitions } = result.coverage;
  writeLock(directory, manifest.id, artifacts, {
    rehearsals,
    scenarios: result.scenarios.map(({ name, kind, outcome }) => ({ name, kind, outcome })),
    mutations: [...result.mutations],
    coverage: { states, transitions },
    worst_case_seconds: result.worst_case_seconds,
  });
}
