import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { integrations } from './a-webhook.ts';

const variables = { INCIDENT_TABLE: 'incidents', EVENT_BUS_NAME: 'handsoff' };

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'receive-webhook-'));
  const bundle = inject('bundles').find(({ name }) => name === 'receive-webhook');
  cpSync(bundle?.directory ?? '', directory, { recursive: true });
  const config = { services: [], routes: [], channels: {}, groups: {}, integrations };
  writeFileSync(join(directory, 'config.json'), JSON.stringify(config));
});
afterEach(() => vi.unstubAllEnvs());

describe('the handler of receive-webhook', () => {
  it.each(Object.keys(variables))('names %s when the stack did not set it', async (missing) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, name === missing ? '' : value);
    await expect(import(`${pathToFileURL(join(directory, 'index.mjs')).href}?${missing}`)).rejects.toThrow(missing);
  });

  it('loads from its bundle beside its configuration, is what middy returns, and answers', async () => {
    for (const [name, value] of Object.entries({ ...variables, AWS_REGION: 'eu-central-1' })) vi.stubEnv(name, value);
    const { handler } = await import(`${pathToFileURL(join(directory, 'index.mjs')).href}?with`);
    expect(handler.use).toEqual(expect.any(Function));
    const context = { functionName: 'handsoff-receive-webhook', awsRequestId: '1', memoryLimitInMB: '256' };
    expect(await handler({ rawPath: '/unknown' }, context)).toMatchObject({ statusCode: 404 });
    const request = { rawPath: '/integrations/alertmanager', requestContext: { http: { method: 'POST' } }, body: '{}' };
    expect(await handler(request, context)).toMatchObject({ statusCode: 401 });
  });
});
