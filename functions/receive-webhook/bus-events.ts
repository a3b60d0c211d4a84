import type { BusEvent } from '../adapters/event-bus.ts';
import { type Fields, isRecord } from '../domain/fields.ts';
import type { JsonRefusal } from '../domain/json-limits.ts';
import type { FieldError } from '../domain/normalised.ts';
import { ownSourcePrefix, quarantinedDetailType, receivedDetailType } from '../domain/own-events.ts';
import { redacted } from '../domain/secret-text.ts';
import { cutBytes, cutText } from '../domain/telling/plain-text.ts';
import { fitPiece } from './fit-piece.ts';

/** Why something of a known sender is put aside for a person instead of being triaged. */
export type QuarantineReason =
  | JsonRefusal
  | 'invalid'
  | 'no-alerts'
  | 'too-many-alerts'
  | 'piece-too-large'
  | 'format-failed'
  | 'unknown-format'
  | 'unsubscribed';

/** Where a request came in, and what of it no event may repeat. */
export interface Intake {
  /** Id of the integration. */
  readonly integration: string;
  readonly format: string;
  /** Every value that the integration is known by. */
  readonly secrets: readonly string[];
  /** When the request came: alerts of a sender that tells no time are ordered by this. */
  readonly receivedAt: Date;
}

/**
 * The bus takes less than 1 MB, but the state machine behind it only 256 KiB with the event around the piece:
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const maxPieceBytes = 200 * 1024;

/** Of a body in quarantine, so much is kept. */
const maxQuarantinedBytes = 32 * 1024;

/** As many errors as an answer or a quarantined event tells. */
export const maxErrors = 20;
const minSecretLength = 8;
const secretKeys: ReadonlySet<string> = new Set(['routing_key', 'x-routing-key', 'service_key', 'authorization']);

/** The event that brings one piece to triage; quarantine for a piece that cannot be made to fit. */
export function alertReceived(intake: Intake, piece: Fields): BusEvent {
  const clean = cleanMembers(piece, hiddenIn(intake));
  const fitting = fitPiece(clean, maxPieceBytes);
  if (!fitting) return alertQuarantined(intake, 'piece-too-large', JSON.stringify(clean));
  const { integration, receivedAt } = intake;
  const detail = JSON.stringify({ integration, received_at: receivedAt.toISOString(), piece: fitting });
  return { source: ownSourcePrefix + intake.format, detailType: receivedDetailType, detail };
}

/** The event that brings what cannot be read to people, with why and the first 32 KiB of it. */
export function alertQuarantined(
  intake: Intake,
  reason: QuarantineReason,
  body: string,
  errors: readonly FieldError[] = [],
): BusEvent {
  const hidden = hiddenIn(intake);
  const detail = JSON.stringify({
    integration: intake.integration,
    reason,
    errors: errors.slice(0, maxErrors).map(({ path, message }) => ({
      path: cleanText(cutText(path, 200), hidden),
      message: cleanText(cutText(message, 500), hidden),
    })),
    body: cutBytes(cleanText(body, hidden), maxQuarantinedBytes, '… [cut by Handsoff]'),
  });
  return { source: ownSourcePrefix + intake.format, detailType: quarantinedDetailType, detail };
}

/** A basic secret is known by its password alone as well. */
function hiddenIn({ secrets }: Intake): readonly string[] {
  const passwords = secrets.map((secret) => secret.slice(secret.indexOf(':') + 1));
  return [...secrets, ...passwords].filter((secret) => secret.length >= minSecretLength);
}

function clean(value: unknown, hidden: readonly string[]): unknown {
  if (typeof value === 'string') return cleanText(value, hidden);
  // The bus takes 64-bit numbers: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
  if (typeof value === 'number') return Math.abs(value) < 2 ** 63 ? value : String(value);
  if (Array.isArray(value)) return value.map((item) => clean(item, hidden));
  return isRecord(value) ? cleanMembers(value, hidden) : value;
}

function cleanMembers(value: Fields, hidden: readonly string[]): Record<string, unknown> {
  const kept = Object.entries(value).filter(([key]) => !secretKeys.has(key.toLowerCase()));
  return Object.fromEntries(kept.map(([key, member]) => [cleanText(key, hidden), clean(member, hidden)]));
}

/** Half a surrogate pair is no character, and no event may hold it. */
function cleanText(text: string, hidden: readonly string[]): string {
  const whole = text.replace(/\p{Cs}/gu, '\uFFFD');
  return hidden.reduce((cleaned, secret) => cleaned.replaceAll(secret, redacted), whole);
}
