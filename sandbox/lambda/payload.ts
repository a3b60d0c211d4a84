import { AwsError } from '../aws.ts';

/** The payload of an Invoke call as JSON text: given as base64, as JSON text (which base64 never is), or as a JSON value. */
export function readPayload(payload: unknown): string {
  if (payload === undefined || payload === null || payload === '') return '{}';
  if (typeof payload !== 'string') return JSON.stringify(payload);
  if (parseError(payload) === undefined) return payload;
  const text = Buffer.from(payload, 'base64').toString('utf8');
  const reason = parseError(text);
  if (reason !== undefined) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${reason}`);
  }
  return text;
}

function parseError(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** A payload as Invoke takes and answers it: base64, as blobs are everywhere in the sandbox. */
export function encodePayload(json: string): string {
  return Buffer.from(json).toString('base64');
}

/** The text of a payload that Invoke answered; empty when it answered none. */
export function decodePayload(payload: unknown): string {
  return typeof payload === 'string' ? Buffer.from(payload, 'base64').toString('utf8') : '';
}

/** The largest request payloads, in bytes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LIMITS = { RequestResponse: 6_291_456, Event: 1_048_576 } as const;

/** Refuses a request payload that is too large for its type of invocation. */
export function refuseLargePayload(json: string, type: keyof typeof LIMITS): void {
  const bytes = Buffer.byteLength(json);
  if (bytes <= LIMITS[type]) return;
  const message = `${bytes} byte payload is too large for the ${type} invocation type (limit ${LIMITS[type]} bytes)`;
  throw new AwsError('RequestTooLargeException', message, 413);
}
