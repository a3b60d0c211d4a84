import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { observed } from '../../../functions/middleware/observed.ts';

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'tell-people',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:tell-people',
  memoryLimitInMB: '256',
  awsRequestId: 'request-1',
  logGroupName: 'group',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 30_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

let written: string[];
beforeEach(() => {
  written = [];
  const keep = (text: unknown) => void written.push(String(text));
  // Powertools writes past `console` to its own, unless it is told that this is development.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Handsoff');
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'tell-people');
  for (const method of ['log', 'info', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(keep);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('observed', () => {
  it('answers what the function answers, and gives it a moment to call now', async () => {
    const handler = observed(async (event, { now }) => ({ event, isDate: now instanceof Date }));
    expect(await handler({ a: 1 }, context)).toEqual({ event: { a: 1 }, isDate: true });
  });

  it('is what middy returns', () => {
    expect(observed(async () => undefined)).toHaveProperty('use', expect.any(Function));
  });

  it('counts in the namespace of the stack', async () => {
    await observed(async (_event, { count }) => count('triage-open'))({}, context);
    const metrics = written.filter((line) => line.includes('CloudWatchMetrics')).join();
    expect(metrics).toContain('"Namespace":"Handsoff"');
    expect(metrics).toContain('"triage-open"');
  });

  it('throws on what the function throws, after logging it with its request', async () => {
    const handler = observed(async () => {
      throw new TypeError('No such table');
    });
    await expect(handler({}, context)).rejects.toThrow('No such table');
    const line = written.find((text) => text.includes('No such table'));
    expect(line).toContain('"function_request_id": "request-1"');
  });

  it('never logs the event, nor a secret that the function logs', async () => {
    const handler = observed(async (_event, { logger }) => {
      logger.info('told', { botToken: 'canary', text: 'xoxb-canary' });
      throw new Error('refused xoxb-canary');
    });
    await expect(handler({ task_token: 'canary', text: 'canary' }, context)).rejects.toThrow('refused');
    expect(written.length).toBeGreaterThan(1);
    expect(written.join()).not.toContain('canary');
  });
});
