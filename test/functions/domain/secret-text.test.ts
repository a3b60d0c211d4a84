import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitFinding } from '../../../functions/domain/fit-finding.ts';
import { withoutSecrets } from '../../../functions/domain/secret-text.ts';

describe('withoutSecrets', () => {
  it.each([
    'export AWS_SECRET_ACCESS_KEY=canary/canary+canary',
    'aws_access_key_id = AKIACANARYCANARY1234',
    'db_password: "canary,"',
    'MYSQL_PWD_password=canary',
    '{"apiKey":"canary-canary"}',
    'api_key = canary',
    'Authorization: Bearer canary.canary.canary',
    'token eyJcanarycanary.canary.canary',
    'ghp_canarycanarycanarycanary1234',
    '-----BEGIN RSA PRIVATE KEY-----\ncanary\ncanary\n-----END RSA PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\ncanary cut off',
  ])('takes the secret out of %j', (text) => {
    expect(withoutSecrets(text)).not.toMatch(/canary/i);
    expect(withoutSecrets(text)).toContain('[redacted]');
  });

  it.each([
    'The password of nobody was changed.',
    '/var is 93 % full; /var/lib/secrets 4 GB.',
    'Out of memory: Killed process 1234 (node)',
    'token bucket exhausted',
  ])('leaves %j as it is', (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  it.each(['eyJaaaaaaaaaaaa', 'eyJaaaaaaaaaa.', 'password', 'token=', 'Bearer ', 'AKIA', 'xoxb-'])(
    'reads a megabyte of %j no slower than it is long',
    (part) => {
      expect(withoutSecrets(part.repeat(2 ** 20 / part.length))).toMatch(/\w/);
    },
  );

  it('ends on any text, and has nothing left to take out', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const once = withoutSecrets(text);
        expect(withoutSecrets(once)).toBe(once);
      }),
    );
  });
});

describe('fitFinding', () => {
  it('keeps no secret that a console printed', () => {
    const finding = fitFinding({
      diagnostic: 'console-output',
      verdict: 'unknown',
      summary: 'cloud-init: password=canary',
      evidence: { tail: ['set root password: canary', { line: 'AKIACANARYCANARY1234' }] },
    });
    expect(JSON.stringify(finding)).not.toMatch(/canary/i);
    expect(finding.evidence).toEqual({ tail: ['set root password: [redacted]', { line: '[redacted]' }] });
  });
});
