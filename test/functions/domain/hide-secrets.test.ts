import { describe, expect, it } from 'vitest';
import { hideSecrets } from '../../../functions/domain/secret-text.ts';

const logged = (value: unknown) => JSON.stringify(value, hideSecrets);

describe('hideSecrets', () => {
  it.each([
    { task_token: 'canary' },
    { botToken: 'canary' },
    { nested: { signingSecret: 'canary' } },
    { headers: { Authorization: 'Basic canary' } },
    { headers: { 'x-slack-signature': 'v0=canary' } },
    { routing_key: 'canary' },
    { routingKey: 'canary' },
    { tokens: ['canary', { inner: 'canary' }] },
    { text: 'the token is xoxb-1-canary, keep it' },
    { text: 'xapp-1-canary' },
    { text: 'https://hooks.slack.com/services/T1/canary' },
    { text: 'Authorization: Bearer canary' },
    ['xoxp-canary'],
  ])('hides the secret of %j', (value) => {
    expect(logged(value)).not.toContain('canary');
    expect(logged(value)).toContain('[redacted]');
  });

  it.each([
    { incident_id: 'inc-1', dedup_key: 'v1:abc', count: 1, ok: true, none: null },
    { token_count: 3, hasToken: false },
    { text: 'The alarm is OK.' },
  ])('leaves %j alone', (value) => {
    expect(logged(value)).toBe(JSON.stringify(value));
  });
});
