import { describe, expect, it } from 'vitest';
import { failedExecutionCall, failedExecutionChange } from '../../../functions/domain/failed-execution.ts';
import type { Incident, RemediationState } from '../../../functions/domain/incident.ts';
import { anIncident } from '../../support/an-incident.ts';

const remediate = {
  machine: 'handsoff-remediate',
  status: 'ABORTED',
  automations: ['Its automation to repair, a-1, was still at work and was stopped half way.'],
};
const respond = { machine: 'handsoff-respond', status: 'FAILED', automations: [] };

function repairing(wishes: Partial<Incident> = {}): Incident {
  return anIncident({ remediation: 'running', locked_until: '2026-11-02T04:12:13.000Z', ...wishes });
}

describe('failedExecutionChange', () => {
  it('has a line of its own, which says what became of the automation and until when the target is locked', () => {
    const change = failedExecutionChange(repairing(), remediate);
    expect(change).toMatchObject({ entry: { kind: 'handsoff-failed' }, patch: { remediation: 'failed' } });
    expect(change?.entry.text).toContain('handsoff-remediate itself ended ABORTED');
    expect(change?.entry.text).toContain('was stopped half way');
    expect(change?.entry.text).toContain('until 04:12:13 UTC');
  });

  it.each([remediate, respond])('never resolves because the alarm is OK ($machine)', (failed) => {
    const change = failedExecutionChange(repairing({ symptom: 'clear' }), failed);
    expect(change?.patch.status).toBeUndefined();
  });

  it('leaves a repair alone that another machine only watched', () => {
    expect(failedExecutionChange(repairing(), respond)?.patch).toEqual({});
  });

  it('calls a question that nobody will follow refused', () => {
    const asked = anIncident({ remediation: 'awaiting-approval' });
    expect(failedExecutionChange(asked, remediate)?.patch).toEqual({ remediation: 'refused' });
  });

  it.each<[RemediationState, boolean]>([
    ['running', true],
    ['none', false],
  ])('says it of a resolved incident whose remediation is %s: %s', (remediation, isSaid) => {
    const incident = repairing({ status: 'resolved', remediation });
    expect(failedExecutionChange(incident, remediate) !== undefined).toBe(isSaid);
  });
});

describe('failedExecutionCall', () => {
  it.each<[RemediationState, boolean]>([
    ['failed', true],
    ['not-helped', true],
    ['undone', true],
    ['refused', false],
    ['none', false],
  ])('after remediate left %s behind calls a person: %s', (remediation, isCalled) => {
    for (const status of ['triggered', 'acknowledged', 'resolved'] as const) {
      const call = failedExecutionCall(repairing({ remediation, status, symptom: 'clear' }), remediate);
      expect(call?.entry.kind === 'needs-human').toBe(isCalled);
    }
  });

  it('leaves the call about a response to the rule that tells people directly', () => {
    expect(failedExecutionCall(repairing({ remediation: 'failed' }), respond)).toBeUndefined();
  });
});
