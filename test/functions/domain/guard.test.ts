import { describe, expect, it } from 'vitest';
import {
  type GuardContext,
  guardRemediation,
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
  isStorm: false,
  uncertified: null,
  now,
};
const approval = {
  id: requestHashOf(request),
  incident_id: 'inc-1',
  status: 'approved' as const,
  approvers: ['U1'],
  asked_by: 'runbook:restart',
  expires_at: '2026-11-02T03:10:00.000Z',
  parameters_hash: requestHashOf(request),
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
  ])('refuses %s', (_what, change, reason) => {
    expect(guardRemediation(request, { ...context, ...change })).toMatchObject({ decision: 'refuse', reason });
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

    it('runs what was approved', () => {
      expect(guardRemediation(request, { ...approving, approval })).toEqual({ decision: 'run' });
    });

    it('asks again when anything but the approved parameters is wanted', () => {
      const other = { ...request, parameters: { ...request.parameters, Path: '/home' } };
      const incident = incidentAbout({ alert: alertAbout('/home') });
      expect(guardRemediation(other, { ...approving, incident, approval })).toEqual({ decision: 'ask' });
    });

    it.each([
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
