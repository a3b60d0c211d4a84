import { describe, expect, it } from 'vitest';
import { actionWords, cell, conditionWords, durationText, patternWords } from '../../../cli/docs/words.ts';

describe('the words of the docs', () => {
  it.each([
    [90, '90s'],
    [600, '10m'],
    [7200, '2h'],
    [86_400, '1d'],
    [0, '0s'],
  ])('spells %i seconds as the configuration does', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  it.each([
    ['ec2:StopInstances', 'Stop instances'],
    ['rds:ModifyDBInstance', 'Modify DBInstance'],
    ['ssm:SendCommand', 'Send command'],
  ])('says %s in words', (action, words) => {
    expect(actionWords(action)).toBe(words);
  });

  it.each<[Record<string, Record<string, string | string[]>> | undefined, string]>([
    [undefined, ''],
    [{ StringEquals: { 'aws:ResourceTag/handsoff': 'act' } }, 'only where its tag `handsoff` is `act`'],
    [
      { Bool: { 'kms:GrantIsForAWSResource': 'true' }, StringLike: { 'kms:ViaService': ['ec2.*', 'ebs.*'] } },
      'only where `kms:GrantIsForAWSResource` is `true`, and `kms:ViaService` is like `ec2.*` or `ebs.*`',
    ],
    [{ StringNotEquals: { 'aws:RequestedRegion': 'x' } }, 'only where `aws:RequestedRegion` is not `x`'],
    [{ StringNotLike: { 'aws:RequestedRegion': 'x' } }, 'only where `aws:RequestedRegion` is not like `x`'],
  ])('says the condition %j in words', (condition, words) => {
    expect(conditionWords({ condition })).toBe(words);
  });

  it('says a pattern in words, one condition a line', () => {
    const pattern = {
      origin: { format: ['cloudwatch'] },
      payload: { class: ['A', 'B'], group: [{ prefix: 'shop-' }], severity: [{ 'anything-but': ['info'] }] },
      $or: [{ resource: { id: ['x'] } }, { resource: { arn: [{ exists: false }] } }],
    };
    expect(patternWords(pattern)).toEqual([
      '`origin.format` is `cloudwatch`',
      '`payload.class` is `A` or `B`',
      '`payload.group` begins with `shop-`',
      '`payload.severity` is anything but `["info"]`',
      '(`resource.id` is `x`) or (`resource.arn` is not there)',
    ]);
  });

  it('lets no text out of the cell of a table', () => {
    expect(cell('a|b\n  c')).toBe('a\\|b c');
  });
});
