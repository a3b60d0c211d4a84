import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const source = fileURLToPath(new URL('../../../functions/tell-people/handler.ts', import.meta.url));
const banner =
  "import{createRequire as handsoffCreateRequire}from'node:module';const require=handsoffCreateRequire(import.meta.url);";

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tell-people-'));
  const outfile = join(directory, 'index.mjs');
  await esbuild.build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: banner },
    mainFields: ['module', 'main'],
  });
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
