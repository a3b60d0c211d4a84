import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Fields } from '../domain/fields.ts';
import type { IntegrationAuth } from '../domain/integrations.ts';
import type { WebhookRequest } from './read-request.ts';

/** What a request shows to vouch for itself, and what it must be for a secret. */
export interface Proof {
  readonly presented: Buffer;
  readonly expected: (secret: string) => Buffer;
  /** Names the request where it can be captured and sent again; stays the same for the same request. */
  readonly replayId?: string;
}

/** A routing key as PagerDuty makes them: https://developer.pagerduty.com/docs/send-alert-event */
export const routingKeyLength = 32;

/** A signed time may be this far from now, in either direction. */
const maxSkewSeconds = 300;

const bearerToken = /^Bearer +([\w.~+/-]{1,512}=*)$/i;
const bareToken = /^[\x21-\x2b\x2d-\x7e]{1,512}$/;
const basicCredentials = /^Basic +([A-Za-z0-9+/]{1,1024}={0,2})$/i;
const digestForms = { hex: /^[0-9a-f]{64}$/, base64: /^[A-Za-z0-9+/]{43}=$/ } as const;

/**
 * Reads what an integration's auth asks of a request. Undefined when it is missing, doubled, too old or of another form.
 * `members` gives those of the body, which only a routing key is read from.
 */
export function readProof(
  auth: Exclude<IntegrationAuth, { kind: 'sns-signature' }>,
  request: WebhookRequest,
  body: Buffer,
  members: () => Fields,
  now: Date,
): Proof | undefined {
  switch (auth.kind) {
    case 'routing-key':
      return textProof(presentedRoutingKey(request, members()));
    case 'bearer':
      return textProof(bearerOf(auth.header, request));
    case 'basic': {
      const encoded = basicCredentials.exec(request.header('authorization') ?? '')?.[1];
      return textProof(encoded && Buffer.from(encoded, 'base64').toString('utf8'), credentialsOf);
    }
    case 'hmac':
      return hmacProof(auth, request, body, now);
  }
}

/** Whether one of the secrets is the right one. All are compared, each in constant time, and digests have one length. */
export function isProven({ presented, expected }: Proof, secrets: readonly string[]): boolean {
  const fits = secrets.map((secret) => timingSafeEqual(sha256(presented), sha256(expected(secret))));
  return fits.includes(true);
}

/** Whether a request shows a routing key of the right form, be it the right one or not. */
export function showsRoutingKey(request: Pick<WebhookRequest, 'header'>, members: Fields): boolean {
  return shownKeys(request, members).some((key) => key.length === routingKeyLength);
}

/** The one routing key that a request shows; undefined for none, or for two that differ. */
function presentedRoutingKey(request: Pick<WebhookRequest, 'header'>, members: Fields): string | undefined {
  const [first, ...others] = shownKeys(request, members);
  return others.every((key) => key === first) ? first : undefined;
}

function shownKeys({ header }: Pick<WebhookRequest, 'header'>, members: Fields): readonly string[] {
  const shown = [header('x-routing-key'), members['routing_key']];
  return shown.filter((key) => typeof key === 'string').filter((key) => key !== '');
}

function bearerOf(own: string | undefined, { header }: WebhookRequest): string | undefined {
  if (own === undefined) return bearerToken.exec(header('authorization') ?? '')?.[1];
  const value = header(own) ?? '';
  return bareToken.test(value) ? value : undefined;
}

function hmacProof(
  { header: name, timestamp_header, encoding, prefix = '' }: Extract<IntegrationAuth, { kind: 'hmac' }>,
  { header }: WebhookRequest,
  body: Buffer,
  now: Date,
): Proof | undefined {
  const signature = header(name) ?? '';
  const digest = signature.slice(prefix.length);
  if (!signature.startsWith(prefix) || !digestForms[encoding].test(digest)) return undefined;
  const time = timestamp_header === undefined ? '' : header(timestamp_header);
  if (time === undefined || (timestamp_header !== undefined && !isRecent(time, now))) return undefined;
  const signed = timestamp_header === undefined ? body : Buffer.concat([Buffer.from(`${time}:`), body]);
  const expected = (secret: string) => createHmac('sha256', secret).update(signed).digest();
  const presented = Buffer.from(digest, encoding);
  // By its bytes: the last letter of base64 has several spellings.
  return { presented, expected, replayId: `hmac:${presented.toString('hex')}` };
}

function isRecent(time: string, now: Date): boolean {
  if (!/^[0-9]{1,12}$/.test(time)) return false;
  return Math.abs(Math.floor(now.getTime() / 1000) - Number(time)) <= maxSkewSeconds;
}

function textProof(presented: string | undefined, form = (secret: string) => secret): Proof | undefined {
  if (!presented) return undefined;
  return { presented: Buffer.from(presented), expected: (secret) => Buffer.from(form(secret)) };
}

/** A secret that the stack has made is a password alone. */
function credentialsOf(secret: string): string {
  return secret.includes(':') ? secret : `handsoff:${secret}`;
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
