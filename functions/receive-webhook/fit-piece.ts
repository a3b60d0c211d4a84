import { type Fields, isRecord } from '../domain/fields.ts';
import { cutBytes } from '../domain/telling/plain-text.ts';

/** Of details that are too big, so much of their JSON text is kept. */
const keptDetailsBytes = 16 * 1024;

/** Strings and lists are cut to these, the first that suffices. The least is well above what identifies an alert. */
const steps = [
  { stringBytes: 8192, items: 200 },
  { stringBytes: 1024, items: 50 },
] as const;

/**
 * A piece that has at most `maxBytes` as JSON. When it has more, its custom details give way first, then long strings
 * and lists everywhere; what was cut says so. Undefined when not even that suffices.
 */
export function fitPiece(piece: Fields, maxBytes: number): Fields | undefined {
  if (bytesOf(piece) <= maxBytes) return piece;
  const lighter = withLessDetails(piece);
  if (bytesOf(lighter) <= maxBytes) return lighter;
  return steps.map((step) => shrinkPiece(lighter, step)).find((shrunk) => bytesOf(shrunk) <= maxBytes);
}

function withLessDetails(piece: Fields): Fields {
  const payload = piece['payload'];
  if (isRecord(payload) && 'custom_details' in payload) return { ...piece, payload: withLessDetails(payload) };
  if (!('custom_details' in piece) || bytesOf(piece['custom_details']) <= keptDetailsBytes) return piece;
  const text = JSON.stringify(piece['custom_details']);
  const handsoff_cut = `The custom details had ${Buffer.byteLength(text)} bytes; these are their first ${keptDetailsBytes}.`;
  return { ...piece, custom_details: { handsoff_cut, begins: cutBytes(text, keptDetailsBytes, '…') } };
}

function shrinkPiece(piece: Fields, step: (typeof steps)[number]): Fields {
  return Object.fromEntries(Object.entries(piece).map(([key, value]) => [key, shrink(value, step)]));
}

function shrink(value: unknown, step: (typeof steps)[number]): unknown {
  if (typeof value === 'string') return cutBytes(value, step.stringBytes, '… [cut by Handsoff]');
  if (Array.isArray(value)) return value.slice(0, step.items).map((item) => shrink(item, step));
  return isRecord(value) ? shrinkPiece(value, step) : value;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
