import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../functions/domain/incident.ts';
import { permittedRemediation } from '../../../functions/domain/permitted-remediation.ts';
import { checkStart, type StartContext, type StartRefusal } from '../../../functions/domain/start-check.ts';
import { aCatalogEntry } from '../../support/a-catalog-entry.ts';
import { anAlert } from '../../support/an-alert.ts';
import { anIncident } from '../../support/an-incident.ts';

const arn = 'arn:aws:ec2:eu-central-1:123456789012:instance/i-0a1b2c3d';
const runbook = aCatalogEntry();

function repairing(wishes: Partial<Incident> = {}): Incident {
  const alert = anAlert({ resource: { arn, type: 'AWS::EC2::Instance', id: 'i-0a1b2c3d' } });
  return anIncident({ id: 'inc-1', runbook: 'restart', remediation: 'running', alert, ...wishes });
}

function permitted() {
  const remediation = permittedRemediation(repairing(), runbook, 'c-1');
  if (!remediation) throw new Error('The alert of this test permits nothing.');
  return remediation;
}

const now = new Date('2026-11-02T03:00:00.000Z');
const context: StartContext = {
  incident: repairing(),
  runbook,
  revision: 'c-1',
  killSwitches: { global: 'off', runbook: 'off' },
  lease: { holder: 'inc-1', expires_at: '2026-11-02T04:00:00.000Z' },
  alarmState: 'ALARM',
  now,
};

describe('checkStart', () => {
  it.each(['repair', 'undo'] as const)('starts to %s exactly what was permitted', (step) => {
    expect(checkStart(step, permitted(), context)).toEqual({ decision: 'start', remediation: permitted() });
  });

  it.each<[string, Partial<StartContext>, StartRefusal]>([
    ['an incident that cannot be read', { incident: undefined }, 'not-running'],
    ['an incident that the guard never let in', { incident: repairing({ remediation: 'none' }) }, 'not-running'],
    ['a repair that has ended', { incident: repairing({ remediation: 'failed' }) }, 'not-running'],
    ['an alarm that is OK by now', { incident: repairing({ symptom: 'clear' }) }, 'recovered-meanwhile'],
    ['an incident that a person resolved', { incident: repairing({ status: 'resolved' }) }, 'recovered-meanwhile'],
    ['an alarm that CloudWatch says is OK', { alarmState: 'OK' }, 'recovered-meanwhile'],
    ['an alarm that has no data any more', { alarmState: 'INSUFFICIENT_DATA' }, 'recovered-meanwhile'],
    ['an alarm that CloudWatch does not know, or does not tell of', { alarmState: undefined }, 'symptom-unknown'],
    ['the global kill switch', { killSwitches: { global: 'on', runbook: 'off' } }, 'kill-switch'],
    ['a kill switch that cannot be read', { killSwitches: { global: 'off', runbook: undefined } }, 'kill-switch'],
    ['a target that nobody holds', { lease: undefined }, 'lease-lost'],
    [
      'a target that another holds',
      { lease: { holder: 'inc-2', expires_at: '2026-11-02T04:00:00.000Z' } },
      'lease-lost',
    ],
    ['a lease that has expired', { lease: { holder: 'inc-1', expires_at: now.toISOString() } }, 'lease-lost'],
    ['a catalog that cannot be read', { runbook: undefined }, 'not-permitted'],
    ['a runbook that is not the incident’s', { runbook: { ...runbook, id: 'other' } }, 'not-permitted'],
    [
      'a catalog that names another document',
      { runbook: { ...runbook, document: 'AWS-StopEC2Instance' } },
      'not-permitted',
    ],
    [
      'a catalog that names another role',
      { runbook: { ...runbook, automation_role_arn: 'arn:other' } },
      'not-permitted',
    ],
  ])('refuses %s', (_what, change, reason) => {
    expect(checkStart('repair', permitted(), { ...context, ...change })).toMatchObject({ decision: 'refuse', reason });
  });

  it.each([
    ['document', { document: 'AWS-TerminateEC2Instance' }],
    ['target', { target: `${arn}0` }],
    ['parameter', { parameters: { ...permitted().parameters, InstanceId: ['i-0b1b2c3d'] } }],
    ['role', { parameters: { ...permitted().parameters, AutomationAssumeRole: ['arn:aws:iam::1:role/admin'] } }],
    ['undo', { undo: 'AWS-TerminateEC2Instance' }],
    ['parameter more', { parameters: { ...permitted().parameters, Force: ['true'] } }],
    ['parameter less', { parameters: { AutomationAssumeRole: permitted().parameters['AutomationAssumeRole'] ?? [] } }],
    ['kind of parameter', { parameters: { ...permitted().parameters, InstanceId: null as unknown as string[] } }],
    ['proof, which is none', { verify: null }],
  ])('refuses whoever calls with another %s', (_what, change) => {
    expect(checkStart('repair', { ...permitted(), ...change }, context)).toMatchObject({ reason: 'not-permitted' });
  });

  it.each([
    ['breaker', { breaker: 5 }],
    ['list of approvers', { approval: { approvers: ['U9'], expires_seconds: 600 } }],
    ['sentence', { undone: 'Another sentence.' }],
    ['time limit', { timeout_seconds: 601 }],
    ['hold time', { verify: { timeout_seconds: 600, hold_seconds: 301 } }],
  ])('takes a change back after a deployment with another %s', (_what, change) => {
    const deployed = { ...context, runbook: { ...runbook, ...change }, revision: 'c-2' };
    expect(checkStart('undo', permitted(), deployed)).toMatchObject({ decision: 'start' });
    expect(checkStart('repair', permitted(), deployed)).toMatchObject({ reason: 'not-permitted' });
  });

  it.each([
    ['undo', { undo: 'AWS-TerminateEC2Instance' }],
    ['role', { automation_role_arn: 'arn:other' }],
  ])('takes nothing back with another %s', (_what, change) => {
    const edited = { ...context, runbook: { ...runbook, ...change } };
    expect(checkStart('undo', permitted(), edited)).toMatchObject({ reason: 'not-permitted' });
  });

  it('takes the word of a sender that is not CloudWatch, which knows nothing of its alarm', () => {
    const { origin } = anAlert();
    const told = repairing({
      alert: anAlert({ resource: repairing().alert.resource, origin: { ...origin, format: 'alertmanager' } }),
    });
    expect(checkStart('repair', permitted(), { ...context, incident: told, alarmState: undefined })).toMatchObject({
      decision: 'start',
    });
  });

  it('takes a change back although the alarm is OK and somebody resolved the incident', () => {
    const incident = repairing({ symptom: 'clear', status: 'resolved' });
    const later = { ...context, incident, alarmState: undefined };
    expect(checkStart('undo', permitted(), later)).toMatchObject({ decision: 'start' });
  });
});
