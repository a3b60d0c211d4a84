import { type Fields, isRecord } from './fields.ts';
import { cutBytes } from './telling/plain-text.ts';

/** What JSON is cut to; a limit that is not there cuts nothing. */
export interface FitStep {
  readonly stringBytes?: number;
  /** Of a list. */
  readonly items?: number;
  /** Of an object, which says how many it had more. */
  readonly members?: number;
  /** Levels, below which everything becomes text. */
  readonly depth?: number;
}

/** An object cut by the first step after which it has at most `maxBytes` as JSON; undefined where none suffices. */
export function fitJson(object: Fields, maxBytes: number, steps: readonly FitStep[]): Fields | undefined {
  for (const step of steps) {
    const shrunk = shrinkMembers(object, step, 0);
    if (jsonBytes(shrunk) <= maxBytes) return shrunk;
  }
  return undefined;
}

/** How long a value is as JSON in UTF-8; 0 for what JSON does not have. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

function shrinkMembers(object: Fields, step: FitStep, level: number): Fields {
  const entries = Object.entries(object);
  const kept = entries
    .slice(0, step.members)
    .map(([key, value]) => [cut(key, step), shrink(value, step, level + 1)] as const);
  const left = entries.length - kept.length;
  return { ...Object.fromEntries(kept), ...(left > 0 && { handsoff_cut: `${left} more` }) };
}

function shrink(value: unknown, step: FitStep, level: number): unknown {
  if (typeof value === 'string') return cut(value, step);
  if (typeof value !== 'object' || value === null) return value;
  if (level >= (step.depth ?? Number.POSITIVE_INFINITY)) return cut(JSON.stringify(value), step);
  if (Array.isArray(value)) return value.slice(0, step.items).map((item) => shrink(item, step, level + 1));
  return isRecord(value) ? shrinkMembers(value, step, level) : value;
}

function cut(text: string, { stringBytes = Number.POSITIVE_INFINITY }: FitStep): string {
  return cutBytes(text, stringBytes, '…');
}
