import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type AwsCall, AwsError } from '../../../sandbox/aws.ts';
import { VirtualClock } from '../../../sandbox/clock.ts';
import { HttpApi, type HttpApiDescription, type HttpApiOptions } from '../../../sandbox/http-api/http-api.ts';
import { aFunction, aLambda } from '../lambda/a-lambda.ts';

const START_MS = Date.parse('2026-11-23T07:00:00.000Z');
const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:receive';

let api: HttpApi | undefined;

afterEach(async () => {
  await api?.close();
});

function encode(result: unknown): string {
  return Buffer.from(JSON.stringify(result)).toString('base64');
}

interface Setting {
  readonly description?: Partial<HttpApiDescription>;
  readonly options?: Partial<HttpApiOptions>;
  readonly answer?: () => Record<string, unknown>;
}

async function listen({ description = {}, options = {}, answer = () => ({ Payload: encode('ok') }) }: Setting = {}) {
  const calls: AwsCall[] = [];
  const clock = new VirtualClock(START_MS);
  const call = async (made: AwsCall) => {
    calls.push(made);
    return answer();
  };
  const routes = [{ routeKey: 'POST /slack/interactions', functionArn: FUNCTION }];
  const defaults = { clock, call, account: '123456789012', region: 'eu-central-1' };
  api = new HttpApi({ apiId: 'a1b2c3', routes, ...description }, { ...defaults, ...options });
  const { url } = await api.listen();
  const eventOf = (index = 0): unknown =>
    JSON.parse(Buffer.from(String(calls[index]?.input['Payload']), 'base64').toString('utf8'));
  return { api, url, calls, clock, eventOf };
}

function post(url: string, body: string | Uint8Array<ArrayBuffer> = '{}', headers: Record<string, string> = {}) {
  return fetch(`${url}/slack/interactions`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

describe('an HTTP API, the request', () => {
  it('becomes an event of payload format 2.0', async () => {
    const { url, eventOf } = await listen();
    await fetch(`${url}/slack/interactions?a=1&b=x%20y&a=2`, {
      method: 'POST',
      body: '{"n":1}',
      headers: {
        'Content-Type': 'application/json',
        'X-Slack-Signature': 'v0=abc',
        Cookie: 'a=1; b=2',
        'User-Agent': 'test',
      },
    });
    expect(eventOf()).toEqual({
      version: '2.0',
      routeKey: 'POST /slack/interactions',
      rawPath: '/slack/interactions',
      rawQueryString: 'a=1&b=x%20y&a=2',
      cookies: ['a=1', 'b=2'],
      headers: expect.objectContaining({
        'content-type': 'application/json',
        'x-slack-signature': 'v0=abc',
        'user-agent': 'test',
        host: 'a1b2c3.execute-api.eu-central-1.amazonaws.com',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': '443',
        'x-forwarded-proto': 'https',
      }),
      queryStringParameters: { a: '1,2', b: 'x y' },
      requestContext: {
        accountId: '123456789012',
        apiId: 'a1b2c3',
        domainName: 'a1b2c3.execute-api.eu-central-1.amazonaws.com',
        domainPrefix: 'a1b2c3',
        http: {
          method: 'POST',
          path: '/slack/interactions',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: expect.stringMatching(/^[\w-]{15}=$/),
        routeKey: 'POST /slack/interactions',
        stage: '$default',
        time: '23/Nov/2026:07:00:00 +0000',
        timeEpoch: START_MS,
      },
      body: '{"n":1}',
      isBase64Encoded: false,
    });
  });

  it('invokes the function as API Gateway on behalf of the route', async () => {
    const { url, calls } = await listen();
    await post(url);
    expect(calls).toMatchObject([
      {
        service: 'lambda',
        operation: 'Invoke',
        input: { FunctionName: FUNCTION, InvocationType: 'RequestResponse' },
        principal: {
          kind: 'service',
          arn: 'apigateway.amazonaws.com',
          sourceArn: 'arn:aws:execute-api:eu-central-1:123456789012:a1b2c3/$default/POST/slack/interactions',
        },
      },
    ]);
  });

  it.each([
    ['text/plain', false],
    ['application/json; charset=utf-8', false],
    ['application/xml', false],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
  ])('gives a body of %s base64-encoded: %s', async (contentType, isBase64Encoded) => {
    const { url, eventOf } = await listen();
    await post(url, 'payload=1', { 'content-type': contentType });
    const body = isBase64Encoded ? Buffer.from('payload=1').toString('base64') : 'payload=1';
    expect(eventOf()).toMatchObject({ body, isBase64Encoded });
  });

  it('joins a header that comes twice', async () => {
    const { url, eventOf } = await listen();
    await new Promise<void>((resolve, reject) => {
      const sent = request(`${url}/slack/interactions`, { method: 'POST' }, (response) => {
        response.resume().on('end', resolve);
      });
      sent.setHeader('x-tag', ['a', 'b']);
      sent.on('error', reject).end();
    });
    expect(eventOf()).toMatchObject({ headers: { 'x-tag': 'a,b' } });
  });

  it('keeps the name of a stage in the path, and needs it', async () => {
    const { url, eventOf } = await listen({ description: { stage: 'live' } });
    expect(url).toMatch(/\/live$/);
    await post(url);
    expect(eventOf()).toMatchObject({ rawPath: '/live/slack/interactions', requestContext: { stage: 'live' } });
    expect((await post(url.replace('/live', ''))).status).toBe(404);
  });
});

describe('an HTTP API, the response', () => {
  it.each([
    ['an object without statusCode', { hello: 'Ada' }, 200, 'application/json', '{"hello":"Ada"}'],
    ['a string', 'done', 200, 'application/json', 'done'],
    ['null', null, 200, 'application/json', 'null'],
    ['a statusCode alone', { statusCode: 204 }, 204, 'text/plain;charset=utf-8', ''],
    [
      'a body with its type',
      { statusCode: 201, headers: { 'Content-Type': 'text/html' }, body: '<p>' },
      201,
      'text/html',
      '<p>',
    ],
    ['a binary body', { statusCode: 200, body: 'aGk=', isBase64Encoded: true }, 200, 'text/plain;charset=utf-8', 'hi'],
  ])('is %s', async (_what, result, status, contentType, body) => {
    const { url } = await listen({ answer: () => ({ Payload: encode(result) }) });
    const response = await post(url);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      status,
      contentType,
      body,
    ]);
  });

  it('carries headers and cookies', async () => {
    const result = { statusCode: 200, headers: { 'X-Count': 3 }, cookies: ['a=1', 'b=2'], body: '' };
    const { url } = await listen({ answer: () => ({ Payload: encode(result) }) });
    const response = await post(url);
    expect(response.headers.get('x-count')).toBe('3');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  const refused = () => {
    throw new AwsError('AccessDeniedException', 'not authorized', 403);
  };
  const throttled = () => {
    throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
  };
  it.each([
    [
      '500 when the function fails',
      () => ({ FunctionError: 'Unhandled', Payload: encode({}) }),
      500,
      'Internal Server Error',
    ],
    ['500 when the status is none', () => ({ Payload: encode({ statusCode: 'fine' }) }), 500, 'Internal Server Error'],
    [
      '500 when the body is no text',
      () => ({ Payload: encode({ statusCode: 200, body: {} }) }),
      500,
      'Internal Server Error',
    ],
    [
      '500 when a header cannot be sent',
      () => ({ Payload: encode({ statusCode: 200, headers: { 'a b': '1' } }) }),
      500,
      'Internal Server Error',
    ],
    ['500 when API Gateway may not invoke', refused, 500, 'Internal Server Error'],
    ['503 when the function is throttled', throttled, 503, 'Service Unavailable'],
  ])('is %s, and the reason is kept', async (_what, answer: () => Record<string, unknown>, status, message) => {
    const { url, api } = await listen({ answer });
    const response = await post(url);
    expect([response.status, await response.json()]).toEqual([status, { message }]);
    expect(api.faults()).toHaveLength(1);
  });

  it('is 503 when the function takes longer than the integration may', async () => {
    const { url } = await listen({ options: { integrationTimeoutMs: 20, call: () => new Promise(() => undefined) } });
    expect((await post(url)).status).toBe(503);
  });

  it('is 404 for a path without a route', async () => {
    const { url, calls } = await listen();
    const response = await fetch(`${url}/other`);
    expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
    expect(calls).toEqual([]);
  });

  it('is 413 for a body over 10 MB', async () => {
    const { url, calls } = await listen();
    expect((await post(url, new Uint8Array(10_485_761))).status).toBe(413);
    expect(calls).toEqual([]);
  });

  it('is 429 beyond the burst of the stage, until virtual time has passed', async () => {
    const { url, clock } = await listen({ description: { throttling: { rateLimit: 1, burstLimit: 2 } } });
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await post(url)).status);
    await clock.run(undefined, START_MS + 1000);
    statuses.push((await post(url)).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  it('holds the virtual clock until it is sent', async () => {
    const held: (readonly string[])[] = [];
    const clock = new VirtualClock(START_MS);
    const call = async () => {
      held.push(clock.held());
      return { Payload: encode('ok') };
    };
    const { url } = await listen({ options: { clock, call } });
    await post(url);
    expect([held, clock.held()]).toEqual([[['POST /slack/interactions']], []]);
  });
});

it('an HTTP API answers with what a real function returns', async () => {
  const source =
    'export const handler = async (event) => ({ statusCode: 202, body: event.requestContext.http.method })';
  const { lambda, clock } = aLambda([aFunction(source, { name: 'receive' })]);
  const { url } = await listen({ options: { clock, call: (call) => lambda.answer(call) } });
  const response = await post(url);
  expect([response.status, await response.text()]).toEqual([202, 'POST']);
  await lambda.close();
});
