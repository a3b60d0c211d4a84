import { isRecord } from '../adapters/intake/fields.ts';

/** One request as an HTTP API hands it over (payload format 2.0). */
export interface WebhookRequest {
  readonly method: string;
  readonly path: string;
  /** The value of a header, by its name in lower case. Undefined when it is absent or comes under two spellings. */
  readonly header: (name: string) => string | undefined;
  /** The bytes that were sent; `too-large` above 512 KB. */
  readonly body: Buffer | 'too-large';
}

/** https://developer.pagerduty.com/docs/send-alert-event */
const maxBodyBytes = 512 * 1024;

/** Reads an HTTP API's event. What it lacks is empty, so that a broken event finds no integration. */
export function readRequest(event: unknown): WebhookRequest {
  const { rawPath, requestContext, headers } = isRecord(event) ? event : {};
  const http = isRecord(requestContext) && isRecord(requestContext['http']) ? requestContext['http'] : {};
  return {
    method: typeof http['method'] === 'string' ? http['method'].toUpperCase() : '',
    path: typeof rawPath === 'string' ? rawPath : '',
    header: (name) => headerOf(headers, name),
    body: bodyOf(event),
  };
}

/** The length is judged before anything is decoded: base64 has 4 characters for every 3 bytes. */
function bodyOf(event: unknown): Buffer | 'too-large' {
  const { body: text, isBase64Encoded } = isRecord(event) ? event : {};
  if (typeof text !== 'string') return Buffer.alloc(0);
  const isBase64 = isBase64Encoded === true;
  if (text.length > (isBase64 ? Math.ceil(maxBodyBytes / 3) * 4 : maxBodyBytes)) return 'too-large';
  const body = Buffer.from(text, isBase64 ? 'base64' : 'utf8');
  return body.length > maxBodyBytes ? 'too-large' : body;
}

/** API Gateway joins doubled headers with a comma, which no credential here may contain. */
function headerOf(headers: unknown, name: string): string | undefined {
  if (!isRecord(headers)) return undefined;
  const values = Object.entries(headers).filter(([key]) => key.toLowerCase() === name);
  const value = values[0]?.[1];
  return values.length === 1 && typeof value === 'string' ? value : undefined;
}
