import { describe, expect, it } from 'vitest';
import { hashOfJson } from '../../../functions/domain/certificate.ts';
import { triageAlert } from '../../../functions/domain/triage/triage-alert.ts';
import type { AlertMemory, TriageContext, TriageDecision } from '../../../functions/domain/triage/triage-decision.ts';
import type { Alert } from '../../../functions/domain/alert.ts';
import type { TriageRules } from '../../../functions/domain/deployed-config.ts';
import { aConfig } from '../../support/a-config.ts';
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
  now: new Date(at('10:00')),
  memory: { last_at: at(time), last_event_id: `e-${time}`, last_action, digest: '', triggers: [] },
  incident,
});
const nothing: TriageContext = { now: new Date(at('10:00')), memory: undefined, incident: undefined };
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
      'records an OK of the same moment as the last ALARM, if its event id is the lower one',
      ok('00:00', { origin: originAt('00:00', 'd-00:00') }),
      remembering('00:00', 'trigger', open),
      'record',
      'late',
    ],
    [
      'resolves on an OK of the same moment as the last ALARM, if its event id is the higher one',
      ok('00:00', { origin: originAt('00:00', 'f-00:00') }),
      remembering('00:00', 'trigger', open),
      'resolve',
      'cleared',
    ],
    [
      'only counts an alarm that says again what it has said',
      alarm('02:00'),
      remembering('00:00', 'trigger', open),
      'repeat',
      'incident-open',
    ],
    [
      'only counts what is as bad as its cause has been before',
      alarm('02:00', { severity: 'critical' }),
      remembering('01:00', 'trigger', anIncident({ severity: 'critical', priority: 'P1' })),
      'repeat',
      'incident-open',
    ],
    [
      'only counts what is worse than the alarm that began a storm, which is as urgent as can be',
      alarm('02:00', { severity: 'critical' }),
      remembering('01:00', 'trigger', anIncident({ group: 'storm', priority: 'P1' })),
      'repeat',
      'incident-open',
    ],
    [
      'only counts what is milder',
      alarm('02:00', { severity: 'warning' }),
      remembering('00:00', 'trigger', open),
      'repeat',
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
      'clear-member',
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
      'takes no word of another sender for a deletion',
      ok('01:00', {
        origin: { ...originAt('01:00'), format: 'pagerduty' },
        payload: { custom_details: { operation: 'delete' } },
      }),
      remembering('00:00', 'trigger', open),
      'resolve',
      'cleared',
    ],
    [
      'records a contributor that comes after the OK of its alarm',
      alarm('00:30', { dedup_key: 'v1:contributor' }),
      {
        now: new Date(at('10:00')),
        memory: undefined,
        parentMemory: {
          last_at: at('01:00'),
          last_event_id: 'e',
          last_action: 'resolve' as const,
          digest: '',
          triggers: [],
        },
        incident: anIncident({ status: 'resolved' }),
      },
      'record',
      'late',
    ],
    [
      'suppresses what is muted for nobody knows how long',
      alarm('00:00', { suppressed_by: 'mute' }),
      nothing,
      'suppress',
      'mute',
    ],
    [
      'still resolves when a muted alarm recovers',
      ok('01:00', { suppressed_by: 'mute' }),
      remembering('00:00', 'trigger', open),
      'resolve',
      'cleared',
    ],
  ])('%s', (_promise, alert, context, decision, reason) => {
    expect(triageAlert(alert, context, aConfig())).toEqual({ decision, reason });
  });
});

describe('triageAlert, with rules', () => {
  const now = new Date(at('10:00'));
  const isoIn = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();
  const seen = (memory: Partial<AlertMemory>): AlertMemory => ({
    last_at: at('09:00'),
    last_event_id: 'e-09:00',
    last_action: 'trigger',
    digest: hashOfJson(memory.last_action === 'resolve' ? ok('09:00') : alarm('09:00')),
    triggers: [],
    ...memory,
  });
  const every = { match: undefined };
  const many = anIncident({ group: 'v1:group', opened_at: at('09:30'), runbook: 'default' });

  it.each<[string, Alert, TriageContext, Partial<TriageRules>, TriageDecision]>([
    [
      'holds what fires during maintenance until the last window ends',
      alarm('10:00'),
      { now, memory: undefined, incident: undefined },
      {
        maintenance: [
          { id: 'v', ...every, once: { from: at('09:00'), to: at('10:20') } },
          { id: 'w', ...every, once: { from: at('09:00'), to: at('10:40') } },
        ],
      },
      { decision: 'hold', reason: 'maintenance', until: at('10:40') },
    ],
    [
      'looks at it again within the hour, because a window may be ended before its time',
      alarm('10:00'),
      { now, memory: undefined, incident: undefined },
      { maintenance: [{ id: 'w', ...every, once: { from: at('09:00'), to: '2026-11-03T03:00:00.000Z' } }] },
      { decision: 'hold', reason: 'maintenance', until: '2026-11-02T04:10:00.000Z' },
    ],
    [
      'holds it on while the window goes on',
      alarm('09:00'),
      {
        now,
        memory: seen({ held: { reason: 'maintenance', until: at('10:00') } }),
        incident: undefined,
        released: true,
      },
      { maintenance: [{ id: 'w', ...every, once: { from: at('09:00'), to: '2026-11-03T03:00:00.000Z' } }] },
      { decision: 'hold', reason: 'maintenance', until: '2026-11-02T04:10:00.000Z' },
    ],
    [
      'opens what still fires when the window has ended',
      alarm('09:00'),
      {
        now,
        memory: seen({ held: { reason: 'maintenance', until: at('09:59') } }),
        incident: undefined,
        released: true,
      },
      { maintenance: [{ id: 'w', ...every, once: { from: at('09:00'), to: at('09:59') } }] },
      { decision: 'open', reason: 'new-trouble' },
    ],
    [
      'holds what is muted until the mute is over',
      alarm('10:00', { suppressed_by: 'mute', suppressed_until: at('40:00') }),
      { now, memory: undefined, incident: undefined },
      {},
      { decision: 'hold', reason: 'mute', until: at('40:00') },
    ],
    [
      'takes no mute for one that is over',
      alarm('09:00', { suppressed_by: 'mute', suppressed_until: at('10:00') }),
      { now, memory: undefined, incident: undefined },
      {},
      { decision: 'open', reason: 'new-trouble' },
    ],
    [
      'gives a new trouble its pause',
      alarm('10:00'),
      { now, memory: undefined, incident: undefined },
      { pause: [{ id: 'p', ...every, seconds: 120 }] },
      { decision: 'hold', reason: 'transient', until: isoIn(120) },
    ],
    [
      'gives no second pause to what only says again that it fires',
      alarm('10:00'),
      { now, memory: seen({ held: { reason: 'transient', until: isoIn(30) } }), incident: undefined },
      { pause: [{ id: 'p', ...every, seconds: 120 }] },
      { decision: 'hold', reason: 'transient', until: isoIn(30) },
    ],
    [
      'opens what says again that it fires after its pause',
      alarm('10:00'),
      { now, memory: seen({ held: { reason: 'transient', until: isoIn(-1) } }), incident: undefined },
      { pause: [{ id: 'p', ...every, seconds: 120 }] },
      { decision: 'open', reason: 'new-trouble' },
    ],
    [
      'makes no incident of what cleared within its pause',
      ok('10:00'),
      { now, memory: seen({ held: { reason: 'transient', until: isoIn(30) } }), incident: undefined },
      { pause: [{ id: 'p', ...every, seconds: 120 }] },
      { decision: 'record', reason: 'transient' },
    ],
    [
      'drops what comes back from waiting after something newer',
      alarm('08:00'),
      { now, memory: seen({}), incident: undefined, released: true },
      {},
      { decision: 'drop', reason: 'superseded' },
    ],
    [
      'drops what comes back as another alert than the one that waits',
      alarm('09:00', { resource: { arn: 'arn:aws:ec2:eu-central-1:123456789012:instance/i-0fedcba9876543210' } }),
      { now, memory: seen({ held: { reason: 'transient', until: isoIn(-1) } }), incident: undefined, released: true },
      {},
      { decision: 'drop', reason: 'superseded' },
    ],
    [
      'drops what claims to have waited and never did',
      alarm('10:00'),
      { now, memory: undefined, incident: undefined, released: true },
      {},
      { decision: 'drop', reason: 'superseded' },
    ],
    [
      'waits for a cleared cause to stay so',
      ok('10:00'),
      { now, memory: seen({}), incident: open },
      { settle_seconds: 60 },
      { decision: 'clear', reason: 'settling', until: isoIn(60) },
    ],
    [
      'resolves what has stayed clear',
      ok('09:00'),
      {
        now,
        memory: seen({ last_action: 'resolve', held: { reason: 'settling', until: isoIn(0) } }),
        incident: anIncident({ symptom: 'clear' }),
        released: true,
      },
      { settle_seconds: 60 },
      { decision: 'resolve', reason: 'cleared' },
    ],
    [
      'waits longer for a cause that flaps',
      ok('10:00'),
      { now, memory: seen({ triggers: [at('06:00'), at('07:00'), at('08:00'), at('09:00')] }), incident: open },
      { settle_seconds: 60 },
      { decision: 'clear', reason: 'flapping', until: isoIn(900) },
    ],
    [
      'attaches a new cause to the open incident of its group',
      alarm('10:00'),
      { now, memory: undefined, incident: undefined, group: many },
      { groups: [{ id: 'g', ...every, by: ['payload.group'], window_seconds: 600 }] },
      { decision: 'attach', reason: 'grouped', into: many.id },
    ],
    [
      'makes an incident more urgent whose cause got worse',
      alarm('02:00', { severity: 'critical' }),
      remembering('00:00', 'trigger', open),
      {},
      { decision: 'worsen', reason: 'worse', into: open.id },
    ],
    [
      'does so when it had cleared meanwhile',
      alarm('02:00', { severity: 'critical' }),
      remembering('01:00', 'resolve', anIncident({ symptom: 'clear', remediation: 'running' })),
      {},
      { decision: 'worsen', reason: 'worse', into: open.id },
    ],
    [
      'takes what is worse for no copy, though its sender gives it the same time',
      alarm('00:00', { severity: 'critical', origin: originAt('00:00', 'other') }),
      remembering('00:00', 'trigger', open),
      {},
      { decision: 'worsen', reason: 'worse', into: open.id },
    ],
    [
      'takes no word of a contributor for how bad its alarm is',
      alarm('02:00', { severity: 'critical', dedup_key: 'v1:contributor' }),
      remembering('00:00', 'trigger', open),
      {},
      { decision: 'attach', reason: 'contributor', into: open.id },
    ],
    [
      'makes the incident of a group more urgent by a new cause that is worse',
      alarm('10:00', { severity: 'critical' }),
      { now, memory: undefined, incident: undefined, group: many },
      { groups: [{ id: 'g', ...every, by: ['payload.group'], window_seconds: 600 }] },
      { decision: 'worsen', reason: 'worse', into: many.id },
    ],
    [
      'opens anew when the window of the group is over',
      alarm('10:00'),
      { now, memory: undefined, incident: undefined, group: many },
      { groups: [{ id: 'g', ...every, by: ['payload.group'], window_seconds: 20 }] },
      { decision: 'open', reason: 'new-trouble' },
    ],
    [
      'keeps the incident of many open while others fire',
      ok('09:00'),
      {
        now,
        memory: seen({ last_action: 'resolve', held: { reason: 'settling', until: isoIn(0) } }),
        incident: many,
        released: true,
        others_fire: true,
      },
      { settle_seconds: 60 },
      { decision: 'clear-member', reason: 'others-firing' },
    ],
    [
      'begins a storm with the trouble that is one too many',
      alarm('10:00'),
      { now, memory: undefined, incident: undefined, new_per_minute: 9 },
      {},
      { decision: 'open-storm', reason: 'storm-began' },
    ],
    [
      'attaches whatever else comes while the storm lasts',
      alarm('10:00'),
      { now, memory: undefined, incident: undefined, storm: anIncident({ id: 'inc-storm', opened_at: at('09:59') }) },
      {},
      { decision: 'attach', reason: 'storm', into: 'inc-storm' },
    ],
    [
      'acknowledges for a sender that does so',
      alarm('10:00', { event_action: 'acknowledge' }),
      { now, memory: seen({}), incident: open },
      {},
      { decision: 'acknowledge', reason: 'acknowledged' },
    ],
    [
      'decides again about what was attached to an incident in the moment that it was resolved',
      alarm('09:00', { origin: originAt('09:00') }),
      {
        now,
        memory: seen({ attached_at: at('09:50') }),
        incident: anIncident({ status: 'resolved', resolved_at: at('09:50') }),
      },
      {},
      { decision: 'open', reason: 'new-trouble' },
    ],
  ])('%s', (_promise, alert, context, rules, decision) => {
    expect(triageAlert(alert, context, aConfig(rules))).toEqual(decision);
  });

  it('never groups away what a runbook may repair', () => {
    const config = aConfig(
      { groups: [{ id: 'g', ...every, by: ['payload.group'], window_seconds: 600 }] },
      { routes: [{ id: 'restart', title: 'Restart', mode: 'act', how: [], match: undefined }] },
    );
    const context = { now, memory: undefined, incident: undefined, group: many };
    expect(triageAlert(alarm('10:00'), context, config)).toEqual({ decision: 'open', reason: 'new-trouble' });
  });
});
