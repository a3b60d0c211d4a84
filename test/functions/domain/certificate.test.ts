import { describe, expect, it } from 'vitest';
import {
  certificateHashOf,
  hashOfDeployed,
  whyNotAsDeployed,
  whyUncertified,
} from '../../../functions/domain/certificate.ts';

const place = { partition: 'aws', region: 'eu-central-1', account: '123456789012' };
const elsewhere = { partition: 'aws-cn', region: 'cn-north-1', account: '999999999999' };
const rehearsed = { 'definition.asl.json': 'a', 'runbook.yaml': 'b' };

function definitionIn({ partition, region, account }: typeof place): string {
  const FunctionName = `arn:${partition}:lambda:${region}:${account}:function:handsoff-diagnose`;
  const QueueUrl = `https://sqs.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}/${account}/handsoff-quarantine`;
  return JSON.stringify({ StartAt: 'A', States: { A: { FunctionName, QueueUrl } } });
}

describe('a certificate', () => {
  it('holds as long as nothing has changed', () => {
    expect(whyUncertified(rehearsed, { 'runbook.yaml': 'b', 'definition.asl.json': 'a' })).toBeUndefined();
    expect(certificateHashOf({ b: '2', a: '1' })).toBe(certificateHashOf({ a: '1', b: '2' }));
  });

  it.each([
    ['changed', { 'definition.asl.json': 'x', 'runbook.yaml': 'b' }, 'definition.asl.json is not what was rehearsed.'],
    ['added', { ...rehearsed, 'more.automation.yaml': 'c' }, 'more.automation.yaml is not what was rehearsed.'],
    ['taken out', { 'runbook.yaml': 'b' }, 'definition.asl.json is not what was rehearsed.'],
    [
      'changed twice',
      { 'definition.asl.json': 'x', 'runbook.yaml': 'y' },
      'definition.asl.json and 1 more are not what was rehearsed.',
    ],
  ])('names what was %s', (_what, found, sentence) => {
    expect(whyUncertified(rehearsed, found)).toBe(sentence);
  });

  it('says when there is none', () => {
    expect(whyUncertified(undefined, rehearsed)).toBe('It was never rehearsed.');
    expect(whyNotAsDeployed(undefined, {})).toBe('It was never rehearsed.');
  });

  it('says of what runs the same as of what is built', () => {
    const artifacts = Object.entries(rehearsed).map(([file, sha256]) => ({
      kind: 'machine' as const,
      name: file,
      file,
      sha256,
    }));
    const certificate = { hash: certificateHashOf(rehearsed), artifacts };
    expect(whyNotAsDeployed(certificate, rehearsed)).toBeUndefined();
    const edited = { ...rehearsed, 'definition.asl.json': 'x' };
    expect(whyNotAsDeployed(certificate, edited)).toBe(whyUncertified(rehearsed, edited));
  });
});

describe('the hash of what is deployed', () => {
  it('is the same in every account, Region and partition', () => {
    expect(hashOfDeployed(definitionIn(elsewhere), elsewhere)).toBe(hashOfDeployed(definitionIn(place), place));
  });

  it('is the same in whatever order the members stand, and however the text is laid out', () => {
    expect(hashOfDeployed('{"b": 1,\n "a": [1, 2]}', place)).toBe(hashOfDeployed('{"a":[1,2],"b":1}', place));
    expect(hashOfDeployed('{"a":[2,1]}', place)).not.toBe(hashOfDeployed('{"a":[1,2]}', place));
  });

  it('is another where a function of another account is called', () => {
    const foreign = definitionIn(place).replace('123456789012:function', '666666666666:function');
    expect(hashOfDeployed(foreign, place)).not.toBe(hashOfDeployed(definitionIn(place), place));
  });
});
