import { AwsError } from '../aws.ts';

/** The payload of an Invoke call as JSON text. Blobs are base64; a JSON value is also taken as it is. */
export function readPayload(payload: unknown): string {
  if (payload === undefined || payload === null || payload === '') return '{}';
  if (typeof payload !== 'string') return JSON.stringify(payload);
  const text = Buffer.from(payload, 'base64').toString('utf8');
  try {
    JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${reason}`);
  }
  return text;
}

/** A payload as Invoke answers it: base64, as blobs are everywhere in the sandbox. */
export function encodePayload(json: string): string {
  return Buffer.from(json).toString('base64');
}

/** Refuses a request payload over `limitBytes`. */
export function refuseLargePayload(json: string, limitBytes: number): void {
  const bytes = Buffer.byteLength(json);
  if (bytes <= limitBytes) return;
  const message = `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${limitBytes} bytes)`;
  throw new AwsError('RequestTooLargeException', message, 413);
}
