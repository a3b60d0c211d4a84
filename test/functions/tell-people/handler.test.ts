import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tell-people-'));
  const bundle = inject('bundles').find(({ name }) => name === 'tell-people');
  cpSync(bundle?.directory ?? '', directory, { recursive: true });
  writeFileSync(join(directory, 'config.json'), JSON.stringify({ services: [], routes: [], channels: {}, groups: {} }));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

describe('the handler of tell-people', () => {
  it('names the variable that the stack did not set', async () => {
    await expect(import(`${pathToFileURL(join(directory, 'index.mjs')).href}?without`)).rejects.toThrow(
      'INCIDENT_TABLE',
    );
  });

  it('loads from its bundle beside its configuration, and is what middy returns', async () => {
    for (const name of ['INCIDENT_TABLE', 'HIGH_URGENCY_TOPIC_ARN', 'LOW_URGENCY_TOPIC_ARN'])
      vi.stubEnv(name, 'arn:something');
    const { handler } = await import(`${pathToFileURL(join(directory, 'index.mjs')).href}?with`);
    expect(handler).toEqual(expect.any(Function));
    expect(handler.use).toEqual(expect.any(Function));
  });
});
