import { describe, expect, it } from 'vitest';
import { integrationsOf } from '../../../functions/domain/integrations.ts';

const tool = { id: 'tool', format: 'generic', auth: { kind: 'bearer' }, secret: 'tool', path: '/integrations/tool' };

describe('integrationsOf', () => {
  it.each<[string, object]>([
    ['a routing key', { ...tool, auth: { kind: 'routing-key' } }],
    ['a bearer token', tool],
    ['a basic credential', { ...tool, auth: { kind: 'basic' } }],
    ['a signature', { ...tool, auth: { kind: 'hmac', header: 'x-signature', encoding: 'hex' } }],
    ['SNS', { ...tool, secret: undefined, auth: { kind: 'sns-signature', topic_arn: 'arn:aws:sns:eu-central-1:1:t' } }],
  ])('reads an integration with %s', (_what, row) => {
    expect(integrationsOf({ integrations: [row] })).toEqual([row]);
  });

  it('finds none where the configuration names none', () => {
    expect(integrationsOf({ services: [] })).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['no list', {}],
    ['no object', ['tool']],
    ['no id', [{ ...tool, id: '' }]],
    ['no secret', [{ ...tool, secret: undefined }]],
    ['an unknown kind of proof', [{ ...tool, auth: { kind: 'none' } }]],
    ['a kind named like a member of every object', [{ ...tool, auth: { kind: 'constructor' } }]],
    ['a signature in no header', [{ ...tool, auth: { kind: 'hmac', encoding: 'hex' } }]],
    ['a topic without its ARN', [{ ...tool, auth: { kind: 'sns-signature' } }]],
  ])('throws at cold start for %s', (_what, integrations) => {
    expect(() => integrationsOf({ integrations })).toThrow('synthesise again');
  });
});
