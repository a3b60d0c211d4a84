import { describe, expect, it } from 'vitest';
import { triageAlert, type TriageContext } from '../../../functions/domain/triage/triage-alert.ts';
import { anAlert } from '../../support/an-alert.ts';
import { anIncident } from '../../support/an-incident.ts';

const at = (time: string) => `2026-11-02T03:${time}.000Z`;
const originAt = (time: string, event_id = `e-${time}`) => ({
  ...anAlert().origin,
  transitioned_at: at(time),
  event_id,
});
const alarm = (time: string, change = {}) => anAlert({ event_action: 'trigger', origin: originAt(time), ...change });
const ok = (time: string, change = {}) => anAlert({ event_action: 'resolve', origin: originAt(time), ...change });
const remembering = (
  time: string,
  last_action: 'trigger' | 'resolve',
  incident?: TriageContext['incident'],
): TriageContext => ({
  memory: { last_at: at(time), last_event_id: `e-${time}`, last_action },
  incident,
});
const nothing: TriageContext = { memory: undefined, incident: undefined };
const open = anIncident({ status: 'triggered', symptom: 'firing', remediation: 'none' });

describe('triageAlert', () => {
  it.each([
    ['opens an incident for a new trouble', alarm('00:00'), nothing, 'open', 'new-trouble'],
    ['drops a copy of the last event', alarm('00:00'), remembering('00:00', 'trigger', open), 'drop', 'duplicate'],
    [
      'drops the same transition under another event id',
      alarm('00:00', { origin: originAt('00:00', 'other') }),
      remembering('00:00', 'trigger', open),
      'drop',
      'duplicate',
    ],
    [
      'records an ALARM older than the last OK and nothing else',
      alarm('00:00'),
      remembering('01:00', 'resolve'),
      'record',
      'late',
    ],
    ['records an OK older than the last ALARM', ok('00:00'), remembering('01:00', 'trigger', open), 'record', 'late'],
    [
      'joins an alarm that fires again to its open incident',
      alarm('02:00'),
      remembering('00:00', 'trigger', open),
      'join',
      'incident-open',
    ],
    [
      'sees a relapse when the incident had cleared',
      alarm('02:00'),
      remembering('01:00', 'resolve', anIncident({ symptom: 'clear', remediation: 'running' })),
      'join',
      'relapse',
    ],
    [
      'opens a new incident when the last one is resolved',
      alarm('02:00'),
      remembering('01:00', 'resolve', anIncident({ status: 'resolved' })),
      'open',
      'new-trouble',
    ],
    ['resolves on OK', ok('01:00'), remembering('00:00', 'trigger', open), 'resolve', 'cleared'],
    [
      'only clears on OK while a repair still has to be proven',
      ok('01:00'),
      remembering('00:00', 'trigger', anIncident({ remediation: 'running' })),
      'clear',
      'remediation-running',
    ],
    ['records an OK that nothing is open for', ok('01:00'), nothing, 'record', 'nothing-open'],
    [
      'leaves the incident open when one contributor of the alarm clears',
      ok('01:00', { dedup_key: 'v1:contributor' }),
      remembering('00:00', 'trigger', open),
      'record',
      'contributor-cleared',
    ],
    [
      'resolves when the alarm is deleted while it fires',
      ok('01:00', { payload: { custom_details: { operation: 'delete' } } }),
      remembering('00:00', 'trigger', open),
      'resolve',
      'alarm-deleted',
    ],
    [
      'records a contributor that comes after the OK of its alarm',
      alarm('00:30', { dedup_key: 'v1:contributor' }),
      {
        memory: undefined,
        parentMemory: { last_at: at('01:00'), last_event_id: 'e', last_action: 'resolve' as const },
        incident: anIncident({ status: 'resolved' }),
      },
      'record',
      'late',
    ],
    ['suppresses a muted alarm', alarm('00:00', { suppressed_by: 'mute' }), nothing, 'suppress', 'mute'],
    [
      'still resolves when a muted alarm recovers',
      ok('01:00', { suppressed_by: 'mute' }),
      remembering('00:00', 'trigger', open),
      'resolve',
      'cleared',
    ],
  ])('%s', (_promise, alert, context, decision, reason) => {
    expect(triageAlert(alert, context)).toEqual({ decision, reason });
  });
});
