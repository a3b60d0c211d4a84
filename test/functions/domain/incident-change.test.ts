import { describe, expect, it } from 'vitest';
import type { EntryKind, RemediationState } from '../../../functions/domain/incident.ts';
import { incidentChangeOf } from '../../../functions/domain/triage/incident-change.ts';
import { anAlert } from '../../support/an-alert.ts';
import { anIncident } from '../../support/an-incident.ts';

const now = new Date('2026-11-02T03:30:00.000Z');

describe('incidentChangeOf a relapse', () => {
  it.each<[RemediationState, EntryKind]>([
    ['running', 'relapsed'],
    ['failed', 'needs-human'],
    ['undone', 'needs-human'],
  ])('of an incident whose remediation is %s is told as %s', (remediation, kind) => {
    const incident = anIncident({ remediation, symptom: 'clear' });
    const context = { now, memory: undefined, incident };
    const change = incidentChangeOf(anAlert(), incident, { decision: 'join', reason: 'relapse' }, context);
    expect(change).toMatchObject({ entry: { kind }, patch: { symptom: 'firing' } });
  });

  it('calls a person back once, not at every flap', () => {
    const incident = anIncident({ remediation: 'failed', symptom: 'clear' });
    const triggers = ['2026-11-02T03:27:00.000Z', '2026-11-02T03:28:00.000Z', '2026-11-02T03:29:00.000Z'];
    const memory = {
      last_at: '2026-11-02T03:29:30.000Z',
      last_event_id: 'e',
      last_action: 'resolve',
      digest: '',
      triggers,
    } as const;
    const decision = { decision: 'join', reason: 'relapse' } as const;
    expect(incidentChangeOf(anAlert(), incident, decision, { now, memory, incident })).toMatchObject({
      entry: { kind: 'relapsed' },
    });
  });

  it('calls a person back however often the alarm fired before this incident', () => {
    const incident = anIncident({ remediation: 'failed', symptom: 'clear' });
    const triggers = ['2026-10-11T03:00:00.000Z', '2026-10-12T03:00:00.000Z', anAlert().origin.transitioned_at];
    const last = {
      last_at: '2026-11-02T03:29:30.000Z',
      last_event_id: 'e',
      last_action: 'resolve',
      digest: '',
    } as const;
    const memory = { ...last, triggers };
    const decision = { decision: 'join', reason: 'relapse' } as const;
    expect(incidentChangeOf(anAlert(), incident, decision, { now, memory, incident })).toMatchObject({
      entry: { kind: 'needs-human' },
    });
  });
});
