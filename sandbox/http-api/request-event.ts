import type { IncomingMessage } from 'node:http';
import type { RouteMatch } from './routes.ts';

/** What an event tells beside the request itself. */
export interface EventContext {
  readonly account: string;
  readonly region: string;
  readonly apiId: string;
  readonly stage: string;
  readonly requestId: string;
  readonly traceId: string;
  readonly nowMs: number;
}

const TEXT_TYPE = /^(text\/|application\/(json|xml|javascript)\s*(;|$))/i;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const OWN_HEADERS = new Set(['connection', 'cookie', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * The event of payload format 2.0. Only text, JSON, XML and JavaScript bodies come as they are; forms and bodies without
 * a content type come base64-encoded. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toRequestEvent(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  match: RouteMatch,
  context: EventContext,
): Record<string, unknown> {
  const { account, apiId, stage, requestId, nowMs } = context;
  const routeKey = match.route.routeKey;
  const rawPath = decodePath(url.pathname);
  const headers = headersOf(request, context);
  const cookies = request.headers.cookie?.split(/;\s*/);
  const queryStringParameters = queryOf(url);
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: url.search.slice(1),
    ...(cookies ? { cookies } : {}),
    headers,
    ...(queryStringParameters ? { queryStringParameters } : {}),
    requestContext: {
      accountId: account,
      apiId,
      domainName: headers['host'],
      domainPrefix: apiId,
      http: {
        method: request.method ?? 'GET',
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: sourceIpOf(request),
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage,
      time: formatTime(new Date(nowMs)),
      timeEpoch: nowMs,
    },
    ...(Object.keys(match.pathParameters).length > 0 ? { pathParameters: match.pathParameters } : {}),
    ...bodyOf(headers['content-type'], body),
  };
}

/** The path as routes and functions see it; a broken escape stays as it came. */
export function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch (error) {
    if (error instanceof URIError) return pathname;
    throw error;
  }
}

function headersOf(request: IncomingMessage, { apiId, region, traceId }: EventContext): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    const value = request.rawHeaders[index + 1] ?? '';
    if (OWN_HEADERS.has(name)) continue;
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  const forwarded = headers['x-forwarded-for'];
  const sourceIp = sourceIpOf(request);
  return {
    ...headers,
    host: `${apiId}.execute-api.${region}.amazonaws.com`,
    'x-amzn-trace-id': headers['x-amzn-trace-id'] ?? traceId,
    'x-forwarded-for': forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`,
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  };
}

function queryOf(url: URL): Record<string, string> | undefined {
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  }
  return Object.keys(query).length > 0 ? query : undefined;
}

function bodyOf(contentType: string | undefined, body: Buffer): Record<string, unknown> {
  if (body.length === 0) return { isBase64Encoded: false };
  if (contentType !== undefined && TEXT_TYPE.test(contentType)) {
    return { body: body.toString('utf8'), isBase64Encoded: false };
  }
  return { body: body.toString('base64'), isBase64Encoded: true };
}

function sourceIpOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
}

function formatTime(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
  return `${date}:${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`;
}
