import { isRecord } from '../domain/fields.ts';

/**
 * The value of a header of an HTTP API's event (payload format 2.0), by its name in lower case. Undefined when it is absent
 * or comes under two spellings. API Gateway joins doubled headers with a comma, which no credential here may contain.
 */
export function headerOf(event: unknown, name: string): string | undefined {
  const headers = isRecord(event) ? event['headers'] : undefined;
  if (!isRecord(headers)) return undefined;
  const values = Object.entries(headers).filter(([key]) => key.toLowerCase() === name);
  const value = values[0]?.[1];
  return values.length === 1 && typeof value === 'string' ? value : undefined;
}

/**
 * The bytes that were sent, none where there is no body. The length is judged before anything is decoded: base64 has 4
 * characters for every 3 bytes.
 */
export function bodyOf(event: unknown, maxBytes: number): Buffer | 'too-large' {
  const { body: text, isBase64Encoded } = isRecord(event) ? event : {};
  if (typeof text !== 'string') return Buffer.alloc(0);
  const isBase64 = isBase64Encoded === true;
  if (text.length > (isBase64 ? Math.ceil(maxBytes / 3) * 4 : maxBytes)) return 'too-large';
  const body = Buffer.from(text, isBase64 ? 'base64' : 'utf8');
  return body.length > maxBytes ? 'too-large' : body;
}
