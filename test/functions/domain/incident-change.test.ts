import { expect, it } from 'vitest';
import { incidentChangeOf } from '../../../functions/domain/triage/incident-change.ts';
import { anAlert } from '../../support/an-alert.ts';
import { anIncident } from '../../support/an-incident.ts';

it.each(['triggered', 'acknowledged'] as const)(
  'does not say how an alarm recovered of which Handsoff changed nothing, where its incident is %s',
  (status) => {
    const context = { now: new Date('2026-11-02T03:30:00.000Z'), memory: undefined, incident: undefined };
    const decision = { decision: 'resolve', reason: 'cleared' } as const;
    const change = incidentChangeOf(
      anAlert({ event_action: 'resolve' }),
      anIncident({ status, remediation: 'none' }),
      decision,
      context,
    );
    expect(change?.entry.text).toBe('The alarm recovered.');
  },
);
