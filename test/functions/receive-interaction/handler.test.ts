import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

describe('the handler of receive-interaction', () => {
  it('is what middy returns', async () => {
    vi.stubEnv('INCIDENT_TABLE', 'incidents');
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    const { handler } = await import('../../../functions/receive-interaction/handler.ts');
    expect(handler).toHaveProperty('use', expect.any(Function));
  });

  it('names the variable that the stack did not set', async () => {
    vi.stubEnv('INCIDENT_TABLE', '');
    await expect(import('../../../functions/receive-interaction/handler.ts')).rejects.toThrow('INCIDENT_TABLE');
  });
});
