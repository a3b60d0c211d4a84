import { describe, expect, it } from 'vitest';
import { scrubber } from '../../rehearsal/record/scrub.ts';

/** Cleans one text, of which nothing is known but the own account and Region. */
const clean = (text: string) => scrubber('111122223333', 'us-east-1', [])(text);

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

  it('leaves twelve digits alone that nothing calls an account', () => {
    expect(clean('{"Size":"444455556666"}')).toBe('{"Size":"444455556666"}');
  });
});
