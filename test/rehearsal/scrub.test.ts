import { describe, expect, it } from 'vitest';
import { scrubber, withoutPrivateTexts } from '../../rehearsal/record/scrub.ts';

/** Cleans a value, of which nothing is known but the own account and Region. */
const clean = (value: unknown) => scrubber('111122223333', 'us-east-1', [])(value);

describe('scrubber', () => {
  it.each([
    ['an ARN', 'arn:aws:sns:eu-west-1:444455556666:orders', 'arn:aws:sns:eu-west-1:000000000001:orders'],
    [
      'a registry',
      '444455556666.dkr.ecr.eu-west-1.amazonaws.com/shop',
      '000000000001.dkr.ecr.eu-west-1.amazonaws.com/shop',
    ],
    [
      "a queue's URL",
      'https://sqs.eu-west-1.amazonaws.com/444455556666/orders',
      'https://sqs.eu-west-1.amazonaws.com/000000000001/orders',
    ],
    ['a word that says so', '{"OwnerId":"444455556666"}', '{"OwnerId":"000000000001"}'],
  ])('gives another account that %s names a number of its own', (_, text, scrubbed) => {
    expect(clean(text)).toBe(scrubbed);
  });

  it('keeps two members of a Region each', () => {
    expect(clean({ 'us-east-1': 'here', 'eu-central-1': 'there' })).toEqual({
      'eu-central-1': 'here',
      'eu-central-1-2': 'there',
    });
  });

  it('leaves twelve digits alone that nothing calls an account', () => {
    expect(clean('{"Size":"444455556666"}')).toBe('{"Size":"444455556666"}');
  });

  it('gives one that stands anywhere the same number everywhere', () => {
    const value = { text: 'from 444455556666', 'arn:aws:iam::444455556666:root': 1, AccountIds: ['444455556666'] };
    expect(clean(value)).toEqual({
      text: 'from 000000000001',
      'arn:aws:iam::000000000001:root': 1,
      AccountIds: ['000000000001'],
    });
    expect(clean({ account: 111122223333, size: 444455556666 })).toEqual({
      account: 123456789012,
      size: 444455556666,
    });
  });
});

describe('withoutPrivateTexts', () => {
  it('hides a secret by the name of its member, and leaves it a text, or a list of them', () => {
    expect(withoutPrivateTexts({ NextToken: 'abcdefgh', Password: ['hunter22'], Size: 3 })).toEqual({
      NextToken: '[redacted]',
      Password: ['[redacted]'],
      Size: 3,
    });
  });

  it('hides a private key that is cut off, and nothing of what comes after', () => {
    const key = ['-----BEGIN RSA PRIVATE', 'KEY-----'].join(' ');
    expect(withoutPrivateTexts({ Console: `boot\n${key}\nMIIE`, After: 'it' })).toEqual({
      Console: 'boot\n[redacted]',
      After: 'it',
    });
  });

  it("hides a person's address", () => {
    expect(withoutPrivateTexts('by Jane.Doe+ops@mail.shop.test, at noon')).toBe('by somebody@example.com, at noon');
  });

  it('keeps two members whose names are private', () => {
    const attributes = { 'jane@shop.test': 'Success', 'joe@shop.test': 'Pending' };
    expect(withoutPrivateTexts(attributes)).toEqual({
      'somebody@example.com': 'Success',
      'somebody@example.com-2': 'Pending',
    });
  });

  it('leaves a value whole whose name is a secret', () => {
    expect(withoutPrivateTexts({ '?token=abcd1234': 'as it was' })).toEqual({ '?token=[redacted]': 'as it was' });
  });

  it('is done with a long word in no time', () => {
    const started = performance.now();
    withoutPrivateTexts('ab01'.repeat(64_000));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
