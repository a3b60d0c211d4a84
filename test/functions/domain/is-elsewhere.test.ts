import { expect, it } from 'vitest';
import { isElsewhere } from '../../../functions/domain/triage/is-elsewhere.ts';
import { openIncident } from '../../../functions/domain/triage/open-incident.ts';
import { aConfig } from '../../support/a-config.ts';
import { anAlert } from '../../support/an-alert.ts';

const here = { account: '123456789012', region: 'eu-central-1' };
const about = (arn: string, account = here.account) =>
  anAlert({ resource: { arn, type: 'x', id: 'x' }, origin: { ...anAlert().origin, account } });

it.each([
  ['a thing of this account and Region', about('arn:aws:ec2:eu-central-1:123456789012:instance/i-1'), false],
  ['a thing without a Region', about('arn:aws:iam::123456789012:user/robin'), false],
  [
    'an event of AWS Health about a key, which has no Region',
    about('arn:aws:health:us-east-1::event/RISK/X/X_1'),
    false,
  ],
  ['a bucket', about('arn:aws:s3:::pictures'), false],
  ['a thing of another account', about('arn:aws:ec2:eu-central-1:999999999999:instance/i-1'), true],
  ['a thing of another Region', about('arn:aws:ec2:us-east-1:123456789012:instance/i-1'), true],
  [
    'what another account says of a thing of this one',
    about('arn:aws:iam::123456789012:user/robin', '999999999999'),
    true,
  ],
  ['a bucket of another account', about('arn:aws:s3:::pictures', '999999999999'), true],
])('%s', (_, alert, expected) => {
  expect(isElsewhere(alert, here)).toBe(expected);
});

it('what is elsewhere is only looked at', () => {
  const config = aConfig({}, { routes: [{ id: 'restart', title: 'Restart', mode: 'act', how: [], match: undefined }] });
  const now = new Date('2026-11-02T03:00:06.000Z');
  const modeOf = (arn: string) => openIncident(about(arn), config, now, here).incident.mode;
  expect(modeOf('arn:aws:ec2:eu-central-1:123456789012:instance/i-1')).toBe('act');
  expect(modeOf('arn:aws:ec2:eu-central-1:999999999999:instance/i-1')).toBe('observe');
});
