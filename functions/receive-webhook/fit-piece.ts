import { type Fields, isRecord } from '../domain/fields.ts';
import { fitJson, type FitStep, jsonBytes } from '../domain/fit-json.ts';
import { cutBytes } from '../domain/telling/plain-text.ts';

/** Of details that are too big, so much of their JSON text is kept. */
const keptDetailsBytes = 16 * 1024;

/** The least is well above what identifies an alert. */
const steps: readonly FitStep[] = [{}, { stringBytes: 8192, items: 200 }, { stringBytes: 1024, items: 50 }];

/**
 * A piece that has at most `maxBytes` as JSON. When it has more, its custom details give way first, then long strings
 * and lists everywhere. Undefined when not even that suffices.
 */
export function fitPiece(piece: Fields, maxBytes: number): Fields | undefined {
  return jsonBytes(piece) <= maxBytes ? piece : fitJson(withLessDetails(piece), maxBytes, steps);
}

function withLessDetails(piece: Fields): Fields {
  const { payload, custom_details: details } = piece;
  if (isRecord(payload) && 'custom_details' in payload) return { ...piece, payload: withLessDetails(payload) };
  const bytes = jsonBytes(details);
  if (bytes <= keptDetailsBytes) return piece;
  const handsoff_cut = `The custom details had ${bytes} bytes; these are their first ${keptDetailsBytes}.`;
  return {
    ...piece,
    custom_details: { handsoff_cut, begins: cutBytes(JSON.stringify(details), keptDetailsBytes, '…') },
  };
}
