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
    const change = incidentChangeOf(anAlert(), incident, { decision: 'join', reason: 'relapse' }, now);
    expect(change).toMatchObject({ entry: { kind }, patch: { symptom: 'firing' } });
  });
});
