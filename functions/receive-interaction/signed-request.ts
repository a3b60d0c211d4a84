import { createHmac, timingSafeEqual } from 'node:crypto';
import { bodyOf, headerOf } from '../adapters/http-request.ts';

/** A request that claims to be from Slack: its raw body, and what is said to vouch for it. */
export interface SignedRequest {
  readonly body: Buffer;
  /** `v0=` and 64 lower-case hex digits. */
  readonly signature: string;
  /** Epoch seconds, in digits. */
  readonly timestamp: string;
}

/** Far above what a button sends; larger bodies are not even hashed. */
const maxBodyBytes = 256 * 1024;

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
const maxSkewSeconds = 300;

/**
 * Reads the parts of an HTTP API event (payload format 2.0) that a signature covers. Undefined when anything is missing,
 * doubled, too large or of another form.
 */
export function readSignedRequest(event: unknown): SignedRequest | undefined {
  const signature = headerOf(event, 'x-slack-signature');
  const timestamp = headerOf(event, 'x-slack-request-timestamp');
  if (!signature || !/^v0=[0-9a-f]{64}$/.test(signature)) return undefined;
  if (!timestamp || !/^[0-9]{1,12}$/.test(timestamp)) return undefined;
  const body = bodyOf(event, maxBodyBytes);
  return body === 'too-large' || body.length === 0 ? undefined : { body, signature, timestamp };
}

/** Whether the request is recent, in either direction, and signed with `secret`. An empty secret signs nothing. */
export function isSignedWith(secret: string, { body, signature, timestamp }: SignedRequest, now: Date): boolean {
  if (secret === '' || !isRecent(timestamp, now)) return false;
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature.slice('v0='.length), 'hex'));
}

/** Whether a request of this time may still be taken, or may already. */
export function isRecent(timestamp: string, now: Date): boolean {
  return Math.abs(Math.floor(now.getTime() / 1000) - Number(timestamp)) <= maxSkewSeconds;
}
