import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsCall, CallAws, Principal } from '../../../sandbox/aws.ts';
import { VirtualClock } from '../../../sandbox/clock.ts';
import type { FunctionDescription } from '../../../sandbox/lambda/function-description.ts';
import { Lambda, type LambdaOptions } from '../../../sandbox/lambda/lambda.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';
export const START_MS = Date.parse('2026-11-23T07:00:00.000Z');
export const ROLE: Principal = { kind: 'role', arn: `arn:aws:iam::${ACCOUNT}:role/caller` };

/** Writes the source of a module into a directory of its own, as an unzipped bundle. */
export function aBundle(source: string, file = 'index.mjs'): string {
  const directory = mkdtempSync(join(tmpdir(), 'bundle-'));
  writeFileSync(join(directory, file), source);
  return directory;
}

/** A function with the given source, or whatever else a test needs to say about it. */
export function aFunction(source: string, overrides: Partial<FunctionDescription> = {}): FunctionDescription {
  const name = overrides.name ?? 'greet';
  return {
    name,
    arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
    handler: 'index.handler',
    codeDirectory: overrides.codeDirectory ?? aBundle(source),
    roleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    timeoutSeconds: 20,
    ...overrides,
  };
}

/** A Lambda service with these functions, and the calls that it made. */
export function aLambda(functions: readonly FunctionDescription[], overrides: Partial<LambdaOptions> = {}) {
  const calls: AwsCall[] = [];
  const clock = overrides.clock ?? new VirtualClock(START_MS);
  const call: CallAws = async (made) => {
    calls.push(made);
    return {};
  };
  const options = { clock, call, account: ACCOUNT, region: REGION, endpointUrl: 'http://127.0.0.1:1', functions };
  return { lambda: new Lambda({ ...options, ...overrides }), clock, calls };
}

/** Invokes a function and gives what the caller gets, with the payload read. */
export async function invoke(lambda: Lambda, name: string, event: unknown = {}, input: Record<string, unknown> = {}) {
  const Payload = Buffer.from(JSON.stringify(event)).toString('base64');
  const call = { service: 'lambda', operation: 'Invoke', principal: ROLE };
  const output = await lambda.answer({ ...call, input: { FunctionName: name, Payload, ...input } });
  return { ...output, Payload: readJson(output['Payload']) };
}

/** The value behind a base64 payload. */
export function readJson(payload: unknown): unknown {
  return typeof payload === 'string' ? JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) : payload;
}
