import { type Fields, isRecord } from '../../domain/fields.ts';
import { hideSecrets } from '../../domain/secret-text.ts';
import { cutBytes } from '../../domain/telling/plain-text.ts';

type Details = Fields;

/** What an alert carries of its event's details; the bus keeps the rest. */
export const maxDetailsBytes = 6 * 1024;

/** DynamoDB stores 32 levels, of which the alert around its details takes some. */
const maxDepth = 8;

/** Strings, lists and objects are cut to these, the first that suffices. */
const steps = [
  { stringBytes: 1024, members: 100, depth: maxDepth },
  { stringBytes: 256, members: 30, depth: 4 },
  { stringBytes: 64, members: 10, depth: 3 },
] as const;

/**
 * Details without secrets, of at most 6 KiB as JSON and 8 levels; what lies deeper becomes text. What was cut says so;
 * when nothing suffices, only their first bytes are kept, as text.
 */
export function fitDetails(given: Details): Details {
  const details: Details = JSON.parse(JSON.stringify(given, hideSecrets));
  if (bytesOf(details) <= maxDetailsBytes && !isDeeper(details, maxDepth)) return details;
  for (const step of steps) {
    const shrunk = shrinkMembers(details, step, 0);
    if (bytesOf(shrunk) <= maxDetailsBytes) return shrunk;
  }
  const begins = cutBytes(JSON.stringify(details), maxDetailsBytes / 4, '…');
  return { handsoff_cut: `The details had ${bytesOf(details)} bytes.`, begins };
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

function shrinkMembers(members: Details, step: (typeof steps)[number], depth: number): Details {
  const entries = Object.entries(members);
  const kept = entries
    .slice(0, step.members)
    .map(([key, value]) => [cutBytes(key, 128, '…'), shrink(value, step, depth + 1)] as const);
  const left = entries.length - kept.length;
  return { ...Object.fromEntries(kept), ...(left > 0 && { handsoff_cut: `${left} more` }) };
}

function shrink(value: unknown, step: (typeof steps)[number], depth: number): unknown {
  if (typeof value === 'string') return cutBytes(value, step.stringBytes, '…');
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= step.depth) return cutBytes(JSON.stringify(value), step.stringBytes, '…');
  if (Array.isArray(value)) return value.slice(0, step.members).map((item) => shrink(item, step, depth + 1));
  return isRecord(value) ? shrinkMembers(value, step, depth) : value;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
