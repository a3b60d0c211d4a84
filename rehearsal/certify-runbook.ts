import { writeLock } from '../infra/certificates.ts';
import type { PreparedRunbook } from './prepare-rehearsal.ts';
import type { RunbookRehearsal } from './runbook-rehearsal.ts';

/** Writes the certificate of a runbook whose rehearsals have all passed, what breaks and every guard among them. */
export function certifyRunbook(prepared: PreparedRunbook, result: RunbookRehearsal): void {
  const { directory, manifest, artifacts, rehearsals } = prepared;
  if (!result.passed) throw new Error(`${manifest.id} did not pass; it gets no certificate.`);
  const { states, transitions } = result.coverage;
  writeLock(directory, manifest.id, artifacts, {
    rehearsals,
    scenarios: result.scenarios.map(({ name, kind, outcome }) => ({ name, kind, outcome })),
    mutations: [...result.mutations],
    coverage: { states, transitions },
    worst_case_seconds: result.worst_case_seconds,
  });
}
