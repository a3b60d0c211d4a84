import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../functions/domain/alert.ts';
import { agreementOf, trackRecordOf } from '../../../functions/domain/track-record.ts';
import { anAlert } from '../../support/an-alert.ts';
import { anEntry } from '../../support/an-entry.ts';
import { anIncident } from '../../support/an-incident.ts';

const now = new Date('2026-11-02T04:00:00.000Z');
const here = { account: '123456789012', region: 'eu-central-1' };
const change = (event_name: string) => ({ event_name, by: 'kim', at: '2026-11-02T03:10:00.000Z' });
const mutations = ['ec2:StopInstances', 'ec2:StartInstances'];

describe('the record of a runbook', () => {
  it('keeps what it would have done where it only observes', () => {
    const incident = anIncident({ mode: 'observe', remediation: 'proposed', resolved_at: '2026-11-02T03:30:00.000Z' });
    const proposed = anEntry({ kind: 'proposed', text: 'What it would have done: AWS-RestartEC2Instance.' });
    expect(trackRecordOf(incident, [anEntry(), proposed], now, here)).toMatchObject({
      runbook: incident.runbook,
      mode: 'observe',
      ending: 'proposed',
      action: 'What it would have done: AWS-RestartEC2Instance.',
      resource: incident.alert.resource,
      ended_at: '2026-11-02T03:30:00.000Z',
    });
  });

  it('names who answered, and ends now where nothing ever recovered', () => {
    const incident = anIncident({ remediation: 'refused' });
    const answer = anEntry({ kind: 'approval-refused', by: 'slack:U1' });
    expect(trackRecordOf(incident, [answer], now, here)).toMatchObject({
      answered_by: 'slack:U1',
      ended_at: now.toISOString(),
    });
  });

  it('names who agreed, and not who resolved it afterwards', () => {
    const lines = [anEntry({ kind: 'approved', by: 'slack:U1' }), anEntry({ kind: 'resolved', by: 'slack:U2' })];
    expect(trackRecordOf(anIncident({ remediation: 'recovered' }), lines, now, here)).toMatchObject({
      answered_by: 'slack:U1',
    });
    expect(trackRecordOf(anIncident({ remediation: 'recovered' }), lines.slice(1), now, here)).not.toHaveProperty(
      'answered_by',
    );
  });

  it.each<[string, Partial<Alert>]>([
    ['in another account', { origin: { ...anAlert().origin, account: '210987654321' } }],
    ['of IAM', { resource: { type: 'AWS::IAM::AccessKey', id: 'AKIAEXAMPLE' } }],
  ])('says that CloudTrail here knows nothing of what is done to something %s', (_where, wishes) => {
    const recordOf = (alert: Alert) => trackRecordOf(anIncident({ remediation: 'proposed', alert }), [], now, here);
    expect(recordOf(anAlert())).not.toHaveProperty('recorded_elsewhere');
    expect(recordOf({ ...anAlert(), ...wishes })?.recorded_elsewhere).toContain('CloudTrail');
  });

  it('has nothing of an incident in which the runbook wanted to change nothing', () => {
    expect(trackRecordOf(anIncident({ remediation: 'none' }), [], now, here)).toBeUndefined();
  });
});

describe('agreementOf', () => {
  it.each([
    ['the same', [change('StopInstances'), change('StartInstances')], 'same'],
    ['part of the same', [change('StartInstances')], 'same'],
    ['something else', [change('ModifyInstanceAttribute')], 'different'],
    ['the same and something else', [change('StopInstances'), change('CreateTags')], 'different'],
    ['nothing', [], 'nothing'],
  ])('tells that people did %s', (_what, changes, agreement) => {
    expect(agreementOf(changes, mutations)).toBe(agreement);
  });

  it.each([
    ['UpdateAlias20150331', 'lambda:UpdateAlias', 'same'],
    ['TagResource20170331v2', 'lambda:TagResource', 'same'],
    ['PutFunctionConcurrency20171031', 'lambda:PutFunctionConcurrency', 'same'],
    ['PutBucketPublicAccessBlock', 's3:PutBucketPublicAccessBlock', 'same'],
    ['PutPublicAccessBlock', 's3:PutBucketPublicAccessBlock', 'same'],
    ['DeletePublicAccessBlock', 's3:PutBucketPublicAccessBlock', 'different'],
    ['UpdateFunctionCode20150331v2', 'lambda:UpdateAlias', 'different'],
    ['constructor', 'lambda:UpdateAlias', 'different'],
  ])('takes %s for what IAM calls it, beside %s', (event, mutation, agreement) => {
    expect(agreementOf([change(event)], [mutation])).toBe(agreement);
  });
});
