import { describe, expect, it } from 'vitest';
import { secretArnsOf } from '../../../functions/receive-webhook/secret-arns.ts';

describe('secretArnsOf', () => {
  it('reads the ARNs by name', () => {
    expect(secretArnsOf('{"tool":"arn:aws:secretsmanager:eu-central-1:1:secret:tool"}')).toEqual({
      tool: 'arn:aws:secretsmanager:eu-central-1:1:secret:tool',
    });
  });

  it.each(['[]', '"arn"', '{"tool":1}', '{'])('refuses %s', (text) => {
    expect(() => secretArnsOf(text)).toThrow();
  });
});
