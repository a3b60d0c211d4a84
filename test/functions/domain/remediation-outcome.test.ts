import { describe, expect, it } from 'vitest';
import type { Incident, RemediationState } from '../../../functions/domain/incident.ts';
import {
  type EndedRemediation,
  endingChange,
  followUpChange,
  isBesideAnother,
  keepsLease,
  type RemediationEnding,
} from '../../../functions/domain/remediation-outcome.ts';
import { anIncident } from '../../support/an-incident.ts';

const now = new Date('2026-11-02T03:30:00.000Z');
const afterAChange: RemediationEnding[] = [
  'contained',
  'automation-failed',
  'not-helped',
  'undone',
  'undo-failed',
  'unknown',
];

function ended(ending: RemediationEnding, wishes: Partial<EndedRemediation> = {}): EndedRemediation {
  const action = 'AWS-RestartEC2Instance with InstanceId=i-0a1b2c3d.';
  return { ending, runbook: 'restart', action, reason: 'Because.', evidence: '', permitted: true, ...wishes };
}

function repairing(wishes: Partial<Incident> = {}): Incident {
  return anIncident({ remediation: 'running', locked_until: '2026-11-02T04:12:13.000Z', ...wishes });
}

describe('followUpChange', () => {
  it.each(afterAChange)('calls a person after %s, however the alarm stands', (ending) => {
    for (const symptom of ['firing', 'clear'] as const) {
      const change = followUpChange(ended(ending), repairing({ symptom }), now);
      expect(change?.entry.kind).toBe('needs-human');
      expect(change?.patch).toEqual({});
    }
  });

  it.each(afterAChange)('calls a person after %s of an incident that somebody has resolved, and says so', (ending) => {
    const change = followUpChange(ended(ending), repairing({ status: 'resolved' }), now);
    expect(change?.entry.kind).toBe('needs-human');
    expect(change?.entry.text).toContain('was resolved meanwhile');
  });

  it('writes down what somebody resolved before it was proven, and calls nobody', () => {
    const resolved = repairing({ status: 'resolved' });
    const change = endingChange(ended('unproven'), resolved, now);
    expect(change?.patch).toEqual({ remediation: 'unproven' });
    expect(change?.entry.text).toContain('whether it helped is not proven');
    expect(followUpChange(ended('unproven'), resolved, now)).toBeUndefined();
  });

  it('calls a person about what is not proven where nobody has resolved it, and does not say that its alarm is OK', () => {
    const change = followUpChange(
      ended('unproven', { reason: 'It has no data.' }),
      repairing({ symptom: 'clear' }),
      now,
    );
    expect(change?.entry.kind).toBe('needs-human');
    expect(change?.entry.text).toMatch(/not proven\. It has no data\.(?!.*is OK)/);
  });

  it('says of what was contained just that, and never that it recovered', () => {
    const change = endingChange(ended('contained', { reason: 'The instance is isolated.' }), repairing(), now);
    expect(change?.entry).toMatchObject({ kind: 'contained', id: 'contained#remediation' });
    expect(change?.patch).toEqual({ remediation: 'contained' });
    for (const symptom of ['firing', 'clear'] as const) {
      const call = followUpChange(
        ended('contained', { reason: 'The instance is isolated.' }),
        repairing({ symptom }),
        now,
      );
      expect(call?.entry.text).toContain('contained, not cured. The instance is isolated.');
      expect(`${change?.entry.text} ${call?.entry.text}`).not.toMatch(/recover/i);
    }
  });

  it('says that an OK alarm may mean silence', () => {
    const change = followUpChange(ended('automation-failed'), repairing({ symptom: 'clear' }), now);
    expect(change?.entry.text).toContain('may only mean that nothing reports any more');
  });

  it.each<RemediationEnding>(['refused', 'proposed'])(
    'resolves what cleared while its target was taken for what was then %s, and leaves to triage what settles there',
    (ending) => {
      const taken = repairing({ symptom: 'clear' });
      expect(followUpChange(ended(ending), taken, now)?.patch.status).toBe('resolved');
      expect(followUpChange(ended(ending), anIncident({ symptom: 'clear' }), now)).toBeUndefined();
    },
  );

  it('calls a person to what was refused and still fires, and to nothing that was resolved', () => {
    expect(followUpChange(ended('refused'), anIncident(), now)?.entry.kind).toBe('needs-human');
    expect(followUpChange(ended('refused'), anIncident({ status: 'resolved' }), now)).toBeUndefined();
    expect(followUpChange(ended('recovered'), repairing(), now)).toBeUndefined();
  });
});

describe('endingChange', () => {
  it('leaves no incident that is over waiting for an approver', () => {
    const asked = repairing({ status: 'resolved', remediation: 'awaiting-approval' });
    const change = endingChange(ended('refused'), asked, now);
    expect(change).toMatchObject({ entry: { kind: 'remediation-refused' }, patch: { remediation: 'refused' } });
    expect(followUpChange(ended('refused'), asked, now)).toBeUndefined();
  });

  it.each(afterAChange)('records %s also of an incident that somebody has resolved', (ending) => {
    const change = endingChange(ended(ending), repairing({ status: 'resolved' }), now);
    expect(change?.patch.remediation).not.toBe('running');
    expect(change?.patch.status).toBeUndefined();
  });

  it('says what would have been done where nothing was', () => {
    const text = endingChange(ended('refused'), anIncident(), now)?.entry.text;
    expect(text).toContain('What it would have done: AWS-RestartEC2Instance');
    expect(text).not.toContain('What it did');
  });

  it('says that it may have been started, and until when its target is locked', () => {
    const text = endingChange(ended('unknown'), repairing(), now)?.entry.text;
    expect(text).toContain('may have been started');
    expect(text).toContain('locked for other repairs until 04:12:13 UTC');
  });
});

describe('a second remediation that the guard refused', () => {
  it.each<[RemediationState, boolean]>([
    ['running', true],
    ['failed', true],
    ['none', false],
    ['awaiting-approval', false],
  ])('beside one that is %s leaves it as it is: %s', (remediation, isBeside) => {
    const refused = ended('refused', { permitted: false });
    const incident = repairing({ remediation, symptom: 'clear' });
    expect(isBesideAnother(refused, incident)).toBe(isBeside);
    expect(endingChange(refused, incident, now) === undefined).toBe(isBeside);
    expect(followUpChange(refused, incident, now)?.entry.kind).toBe(isBeside ? 'needs-human' : 'resolved');
  });
});

describe('keepsLease', () => {
  it('keeps the target locked only while something may be at work that nobody watches', () => {
    expect(afterAChange.filter((ending) => keepsLease({ ending }))).toEqual(['unknown']);
  });
});
