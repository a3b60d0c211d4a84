import { expect, it } from 'vitest';
import type { RefusalReason } from '../../functions/domain/guard.ts';
import { guardScenarios } from '../../rehearsal/guards/guard-scenarios.ts';

/** All of them: the compiler misses one that is not here. */
const reasons: Readonly<Record<RefusalReason, true>> = {
  'unknown-incident': true,
  'already-resolved': true,
  'already-remediated': true,
  'unknown-runbook': true,
  'kill-switch': true,
  uncertified: true,
  storm: true,
  'change-freeze': true,
  maintenance: true,
  breaker: true,
  'bad-parameters': true,
  'wrong-target': true,
  'share-unknown': true,
  'nobody-to-ask': true,
  'approval-refused': true,
  'approval-expired': true,
  'approval-invalid': true,
  'lease-held': true,
  'budget-spent': true,
  'target-limit': true,
  busy: true,
};

it('has a scenario for every reason to refuse, and one in which a repair is only proposed', () => {
  const answers = new Set(guardScenarios.map(({ answer }) => answer));
  expect([...answers].sort()).toEqual([...Object.keys(reasons), 'propose'].sort());
});
