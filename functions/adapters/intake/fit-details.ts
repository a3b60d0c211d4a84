import type { Fields } from '../../domain/fields.ts';
import { fitJson, type FitStep, jsonBytes } from '../../domain/fit-json.ts';
import { hideSecrets } from '../../domain/secret-text.ts';
import { cutBytes } from '../../domain/telling/plain-text.ts';

/** What an alert carries of its event's details; the bus keeps the rest. */
export const maxDetailsBytes = 6 * 1024;

/** DynamoDB stores 32 levels, of which the alert around its details takes some. */
const maxDepth = 8;

const steps: readonly FitStep[] = [
  { depth: maxDepth },
  { stringBytes: 1024, items: 100, members: 100, depth: maxDepth },
  { stringBytes: 256, items: 30, members: 30, depth: 4 },
  { stringBytes: 64, items: 10, members: 10, depth: 3 },
];

/**
 * Details without secrets, of at most 6 KiB as JSON and 8 levels; what lies deeper becomes text. When no cut suffices,
 * only their first bytes are kept, as text.
 */
export function fitDetails(given: Fields): Fields {
  const details: Fields = JSON.parse(JSON.stringify(given, hideSecrets));
  const fitting = fitJson(details, maxDetailsBytes, steps);
  if (fitting) return fitting;
  const begins = cutBytes(JSON.stringify(details), maxDetailsBytes / 4, '…');
  return { handsoff_cut: `The details had ${jsonBytes(details)} bytes.`, begins };
}
