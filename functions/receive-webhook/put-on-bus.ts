import { mapBody } from '../adapters/map-body.ts';
import type { Split } from '../adapters/intake/webhook-format.ts';
import type { Fields } from '../domain/fields.ts';
import type { FieldError } from '../domain/normalised.ts';
import { alertQuarantined, alertReceived, maxErrors, type QuarantineReason } from './bus-events.ts';
import type { Sender } from './senders.ts';
import type { Admitted, WebhookPorts, WebhookResult } from './webhook-ports.ts';

/** As many as are on the bus in time: API Gateway waits 30 seconds, https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const maxPieces = 5000;

type BusPorts = Pick<WebhookPorts, 'bus' | 'formats' | 'newId'>;

/** Puts every alert of a body on the bus; a body that is not what its format promises goes to quarantine instead. */
export async function putOnBus(admitted: Admitted, ports: BusPorts): Promise<WebhookResult> {
  const split = await splitBody(admitted, ports.formats);
  if (split.kind === 'invalid') return quarantine(admitted, split.reason, split.errors, ports);
  const pieces = split.pieces.map((piece) => nameAlert(piece, admitted.sender, ports.newId));
  await ports.bus.put(pieces.map((piece) => alertReceived(admitted, piece)));
  const dedupKey = pieces[0]?.['dedup_key'];
  const answer = admitted.sender.accepted(typeof dedupKey === 'string' ? dedupKey : undefined);
  return { outcome: 'accepted', pieces: pieces.length, answer };
}

async function quarantine(
  admitted: Admitted,
  reason: QuarantineReason,
  errors: readonly FieldError[],
  { bus }: BusPorts,
): Promise<WebhookResult> {
  await bus.put([alertQuarantined(admitted, reason, admitted.text, errors)]);
  const told = errors.slice(0, maxErrors).map(({ path, message }) => (path === '' ? message : `'${path}' ${message}`));
  return { outcome: 'quarantined', reason, answer: admitted.sender.invalid(told.length > 0 ? told : [reason]) };
}

type SplitOrReason =
  | Extract<Split, { kind: 'pieces' }>
  | { readonly kind: 'invalid'; readonly reason: QuarantineReason; readonly errors: readonly FieldError[] };

async function splitBody({ json, format, mapping }: Admitted, formats: BusPorts['formats']): Promise<SplitOrReason> {
  const reader = formats.get(format);
  if (!reader) return { kind: 'invalid', reason: 'unknown-format', errors: [] };
  if (!json.ok) return { kind: 'invalid', reason: json.reason, errors: [] };
  try {
    const mapped = mapping && (await mapBody(mapping, json.value));
    if (mapped?.kind === 'failed') return { kind: 'invalid', reason: 'invalid', errors: mapped.errors };
    const split = reader.split(mapped ? mapped.alerts : json.value);
    if (split.kind === 'invalid') return { ...split, reason: 'invalid' };
    if (split.pieces.length > maxPieces) return { kind: 'invalid', reason: 'too-many-alerts', errors: [] };
    return split.pieces.length > 0 ? split : { kind: 'invalid', reason: 'no-alerts', errors: [] };
  } catch {
    return { kind: 'invalid', reason: 'format-failed', errors: [] };
  }
}

/** As PagerDuty does: without a key of its own, each such request is an alert of its own. */
function nameAlert(piece: Fields, { namesAlerts }: Sender, newId: () => string): Fields {
  const isNamed = typeof piece['dedup_key'] === 'string' && piece['dedup_key'].trim() !== '';
  return namesAlerts && !isNamed && piece['event_action'] === 'trigger' ? { ...piece, dedup_key: newId() } : piece;
}
