import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { integrations } from './a-webhook.ts';

const source = fileURLToPath(new URL('../../../functions/receive-webhook/handler.ts', import.meta.url));
const banner =
  "import{createRequire as handsoffCreateRequire}from'node:module';const require=handsoffCreateRequire(import.meta.url);";
const variables = { INCIDENT_TABLE: 'incidents', EVENT_BUS_NAME: 'handsoff', INTEGRATION_SECRET_ARNS: '{}' };

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'receive-webhook-'));
  await esbuild.build({
    entryPoints: [source],
    outfile: join(directory, 'index.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: banner },
    mainFields: ['module', 'main'],
  });
  const config = { services: [], routes: [], channels: {}, groups: {}, integrations };
  writeFileSync(join(directory, 'config.json'), JSON.stringify(config));
});
afterAll(() => rmSync(directory, { recursive: true }));
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
