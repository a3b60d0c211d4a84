import { describe, expect, it } from 'vitest';
import {
  type GuardContext,
  guardRemediation,
  whyStopped,
  type RemediationRequest,
  requestHashOf,
} from '../../../functions/domain/guard.ts';
import type { Alert } from '../../../functions/domain/alert.ts';
import type { Incident } from '../../../functions/domain/incident.ts';
import { aCatalogEntry } from '../../support/a-catalog-entry.ts';
import { anAlert } from '../../support/an-alert.ts';
import { anIncident } from '../../support/an-incident.ts';

const runbook = aCatalogEntry({
  parameters: {
    InstanceId: { from: 'resource.id', pattern: '^i-[0-9a-f]{8,17}$' },
    Path: { from: 'payload.custom_details.dimensions.path', pattern: '^/[A-Za-z0-9._/-]{0,200}$' },
  },
  approval: { approvers: ['U1'], expires_seconds: 900 },
});
const request: RemediationRequest = {
  incident_id: 'inc-1',
  runbook: 'restart',
  target: 'arn:aws:ec2:eu-central-1:123456789012:instance/i-0a1b2c3d',
  parameters: { InstanceId: 'i-0a1b2c3d', Path: '/var' },
};
const now = new Date('2026-11-02T03:00:00.000Z');
/** The alert of the instance, about this path. */
function alertAbout(path: unknown, arn: string | undefined = request.target): Alert {
  const alert = anAlert({ resource: { ...(arn && { arn }), type: 'AWS::EC2::Instance', id: 'i-0a1b2c3d' } });
  return { ...alert, payload: { ...alert.payload, custom_details: { dimensions: { path } } } };
}

function incidentAbout(wishes: Partial<Incident> = {}): Incident {
  return anIncident({ id: 'inc-1', runbook: 'restart', alert: alertAbout('/var'), ...wishes });
}

const context: GuardContext = {
  incident: incidentAbout(),
  runbook,
  killSwitches: { global: 'off', runbook: 'off' },
  approval: undefined,
  canAsk: true,
  isStorm: false,
  changes: { freezes: [], calendars: [] },
  maintenance: [],
  calendar: { state: 'open' },
  breaker: { revision: 'r1', failures: [] },
  revision: 'r1',
  group: null,
  hasClaimed: false,
  uncertified: null,
  now,
};
const calendars = { freezes: [], calendars: ['year-end'] };
const always = {
  id: 'always',
  match: { event_action: ['trigger'] },
  once: { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' },
};
const sharing = { ...runbook, share: { of: 'auto-scaling-group', percent: 10 } } as const;
const failures = ['inc-7', 'inc-8', 'inc-9'].map((incident) => ({ incident, at: '2026-11-02T02:00:00.000Z' }));
const approval = {
  id: requestHashOf(request, runbook, 'r1'),
  incident_id: 'inc-1',
  status: 'approved' as const,
  approvers: ['U1'],
  asked_by: 'runbook:restart',
  expires_at: '2026-11-02T03:10:00.000Z',
  parameters_hash: requestHashOf(request, runbook, 'r1'),
  decided_by: 'Robin (slack:U1)',
};

describe('guardRemediation', () => {
  it('lets a runbook act when nothing speaks against it', () => {
    expect(guardRemediation(request, context)).toEqual({ decision: 'run' });
  });

  it.each<[string, Partial<GuardContext>, string]>([
    ['an incident that cannot be read', { incident: undefined }, 'unknown-incident'],
    [
      'an incident that is over',
      { incident: anIncident({ id: 'inc-1', runbook: 'restart', status: 'resolved' }) },
      'already-resolved',
    ],
    [
      'a second repair',
      { incident: anIncident({ id: 'inc-1', runbook: 'restart', remediation: 'running' }) },
      'already-remediated',
    ],
    ['a catalog that cannot be read', { runbook: undefined }, 'unknown-runbook'],
    [
      'a runbook that the incident does not have',
      { incident: anIncident({ id: 'inc-1', runbook: 'other' }) },
      'unknown-runbook',
    ],
    ['the global kill switch', { killSwitches: { global: 'on', runbook: 'off' } }, 'kill-switch'],
    ['the runbook kill switch', { killSwitches: { global: 'off', runbook: 'on' } }, 'kill-switch'],
    ['a kill switch that cannot be read', { killSwitches: { global: undefined, runbook: 'off' } }, 'kill-switch'],
    ['a kill switch that says something else', { killSwitches: { global: 'off', runbook: 'Off' } }, 'kill-switch'],
    ['a change in a freeze of our own', { changes: { freezes: [always], calendars: [] } }, 'change-freeze'],
    [
      'a change while a change calendar is closed',
      { changes: calendars, calendar: { state: 'closed' } },
      'change-freeze',
    ],
    ['a change calendar that cannot be read', { changes: calendars, calendar: undefined }, 'change-freeze'],
    ['what is in maintenance by now', { maintenance: [always] }, 'maintenance'],
    ['a breaker that cannot be read', { breaker: undefined }, 'breaker'],
    ['a runbook that failed three times in a row', { breaker: { revision: 'r1', failures } }, 'breaker'],
    ['a group that cannot be read', { runbook: sharing, group: undefined }, 'share-unknown'],
    ['a share of no group', { runbook: sharing, group: null }, 'share-unknown'],
  ])('refuses %s', (_what, change, reason) => {
    expect(guardRemediation(request, { ...context, ...change })).toMatchObject({ decision: 'refuse', reason });
  });

  it.each<[string, Partial<GuardContext>]>([
    [
      'outside its freezes',
      { changes: { freezes: [{ ...always, match: { resource: { id: ['i-other'] } } }], calendars: [] } },
    ],
    ['while its change calendars are open', { changes: calendars, calendar: { state: 'open' } }],
    [
      'outside its maintenance',
      { maintenance: [{ ...always, once: { from: '2026-11-02T03:00:01Z', to: '2026-11-03T00:00:00Z' } }] },
    ],
    ['before its third failure in a row', { breaker: { revision: 'r1', failures: failures.slice(1) } }],
    ['deployed anew after its failures', { breaker: { revision: 'r0', failures } }],
    ['of a group that AWS tells of', { runbook: sharing, group: { id: 'auto-scaling-group:web', size: 20 } }],
  ])('lets a runbook act %s', (_what, change) => {
    expect(guardRemediation(request, { ...context, ...change })).toEqual({ decision: 'run' });
  });

  it('says why a runbook is disabled, since when, and how it may act again', () => {
    const decision = guardRemediation(request, { ...context, breaker: { revision: 'r1', failures } });
    expect(decision).toMatchObject({
      text: expect.stringMatching(
        /disabled since 2026-11-02 02:00:00 UTC \(inc-9\), after 3 repairs in a row.*deployed with a change.*deletes the item BREAKER#restart/,
      ),
    });
  });

  it('says until when nothing is changed', () => {
    const change = { changes: calendars, calendar: { state: 'closed', until: '2026-11-03T06:00:00Z' } } as const;
    expect(guardRemediation(request, { ...context, ...change })).toMatchObject({
      text: 'The change calendar year-end is closed until 2026-11-03T06:00:00Z. Nothing is changed until it is over.',
    });
    expect(guardRemediation(request, { ...context, maintenance: [always] })).toMatchObject({
      text: expect.stringContaining('The maintenance always lasts until 2027-01-01 00:00 UTC'),
    });
  });

  it('takes no share of a group for what only observes', () => {
    const observing = { ...context, runbook: { ...sharing, mode: 'observe' as const }, group: null };
    expect(guardRemediation(request, observing)).toEqual({ decision: 'propose' });
  });

  it('goes on with what this very execution has begun, and with nothing that another has', () => {
    const incident = incidentAbout({ remediation: 'running' });
    expect(guardRemediation(request, { ...context, incident, hasClaimed: true })).toEqual({ decision: 'run' });
    expect(guardRemediation(request, { ...context, incident })).toMatchObject({ reason: 'already-remediated' });
    const ended = incidentAbout({ remediation: 'failed' });
    expect(guardRemediation(request, { ...context, incident: ended, hasClaimed: true })).toMatchObject({
      reason: 'already-remediated',
    });
  });

  it.each([
    ['/var; rm -rf /'],
    ['$(reboot)'],
    ['{{ssm:/prod/secret}}'],
    ['/var/../etc'],
    ['/var\n/etc'],
    [`/${'a'.repeat(10_000)}`],
    ['/vаr'],
    [''],
  ])('refuses the path %j, even where the alert says it', (path) => {
    const parameters = { ...request.parameters, Path: path };
    const incident = incidentAbout({ alert: alertAbout(path) });
    expect(guardRemediation({ ...request, parameters }, { ...context, incident })).toMatchObject({
      decision: 'refuse',
      reason: 'bad-parameters',
    });
  });

  it.each([
    ['another instance', { InstanceId: 'i-0b1b2c3d', Path: '/var' }],
    ['another path', { InstanceId: 'i-0a1b2c3d', Path: '/home' }],
  ])('refuses %s than the alert is about, though the runbook would allow it', (_what, parameters) => {
    expect(guardRemediation({ ...request, parameters }, context)).toMatchObject({
      decision: 'refuse',
      reason: 'bad-parameters',
    });
  });

  it.each([
    ['a target that the alert is not about', `${request.target}0`, request.target],
    ['any target where the alert names none', request.target, ''],
  ])('refuses %s', (_what, target, arn) => {
    const incident = incidentAbout({ alert: alertAbout('/var', arn) });
    expect(guardRemediation({ ...request, target }, { ...context, incident })).toMatchObject({
      decision: 'refuse',
      reason: 'wrong-target',
    });
  });

  it('refuses a parameter that the alert does not have', () => {
    const incident = incidentAbout({ alert: alertAbout(undefined) });
    expect(guardRemediation(request, { ...context, incident })).toMatchObject({ reason: 'bad-parameters' });
  });

  it('refuses a parameter that the runbook does not declare, and one that is missing', () => {
    const extra = { ...request.parameters, AutomationAssumeRole: 'arn:aws:iam::123456789012:role/admin' };
    expect(guardRemediation({ ...request, parameters: extra }, context)).toMatchObject({ reason: 'bad-parameters' });
    expect(guardRemediation({ ...request, parameters: { Path: '/var' } }, context)).toMatchObject({
      reason: 'bad-parameters',
    });
  });

  it('only proposes in mode observe', () => {
    expect(guardRemediation(request, { ...context, runbook: { ...runbook, mode: 'observe' } })).toEqual({
      decision: 'propose',
    });
  });

  describe('in mode approve', () => {
    const approving = { ...context, runbook: { ...runbook, mode: 'approve' as const } };

    it('asks before anybody was asked', () => {
      expect(guardRemediation(request, approving)).toEqual({ decision: 'ask' });
    });

    it.each([
      ['was not asked', undefined, 'nobody-to-ask'],
      ['has not answered', { ...approval, status: 'pending' as const }, 'nobody-to-ask'],
      ['has refused', { ...approval, status: 'refused' as const }, 'approval-refused'],
    ])('refuses where nobody can be asked, and an approver %s', (_what, given, reason) => {
      expect(guardRemediation(request, { ...approving, canAsk: false, approval: given })).toMatchObject({
        decision: 'refuse',
        reason,
      });
    });

    it('runs what was approved, whether or not anybody could be asked again', () => {
      expect(guardRemediation(request, { ...approving, canAsk: false, approval })).toEqual({ decision: 'run' });
    });

    it('runs what was approved', () => {
      expect(guardRemediation(request, { ...approving, approval })).toEqual({ decision: 'run' });
    });

    it('asks again when anything but the approved parameters is wanted', () => {
      const other = { ...request, parameters: { ...request.parameters, Path: '/home' } };
      const incident = incidentAbout({ alert: alertAbout('/home') });
      expect(guardRemediation(other, { ...approving, incident, approval })).toEqual({ decision: 'ask' });
    });

    it.each([
      ['document', { document: 'AWS-TerminateEC2Instance' }],
      ['way back', { undo: 'AWS-StartEC2Instance' }],
      ['time to go back', { undo_when: 'unfinished' as const }],
      ['role', { automation_role_arn: 'arn:aws:iam::123456789012:role/other' }],
    ])('asks again when another %s would be run than was approved', (_what, change) => {
      const changed = { ...approving, runbook: { ...approving.runbook, ...change }, approval };
      expect(guardRemediation(request, changed)).toEqual({ decision: 'ask' });
    });

    it('does not ask again for what it has begun', () => {
      const incident = incidentAbout({ remediation: 'running' });
      const used = { ...approval, status: 'used' as const };
      const begun = { ...approving, incident, approval: used, hasClaimed: true };
      expect(guardRemediation(request, begun)).toEqual({ decision: 'run' });
    });

    it.each([
      ['nobody', { decided_by: undefined as unknown as string }],
      ['somebody who is no approver', { decided_by: 'Robin (slack:U2)' }],
      ['somebody who calls himself an approver', { decided_by: 'slack:U1 (slack:U2)' }],
      ['whoever asked for it', { asked_by: 'Robin (slack:U1)' }],
    ])('refuses what was approved by %s', (_what, change) => {
      expect(guardRemediation(request, { ...approving, approval: { ...approval, ...change } })).toMatchObject({
        decision: 'refuse',
        reason: 'approval-invalid',
      });
    });

    it.each([
      ['used before', { ...approval, status: 'used' as const }, 'approval-invalid'],
      ['approved until nobody knows when', { ...approval, expires_at: 'soon' }, 'approval-expired'],
      ['refused', { ...approval, status: 'refused' as const }, 'approval-refused'],
      ['expired', { ...approval, expires_at: '2026-11-02T02:59:59.000Z' }, 'approval-expired'],
    ])('refuses what was %s', (_what, given, reason) => {
      expect(guardRemediation(request, { ...approving, approval: given })).toMatchObject({
        decision: 'refuse',
        reason,
      });
    });
  });
});

describe('whyStopped', () => {
  it.each([
    [undefined, 'could not be read'],
    ['on', 'is on.'],
    ['Off', 'is neither on nor off'],
  ])('says of a kill switch at %s what it is', (runbook, text) => {
    expect(whyStopped({ global: 'off', runbook })).toContain(`The runbook kill switch ${text}`);
  });
});
