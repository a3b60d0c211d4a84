import { comparableNumber } from './comparable-number.ts';
import { readIpAddress } from './ip-address.ts';
import type { JsonNode } from './json-text.ts';

/** One leaf of an event as the matchers see it. */
export interface FieldValue {
  /** Strings stand in plain double quotes, nothing escaped; numbers, `true`, `false`, `null` as they were written. */
  readonly text: string;
  /** What a numeric matcher compares; undefined for anything that is no number or that only compares as text. */
  readonly number: number | undefined;
  /** The address as hexadecimal digits when the leaf is a string that spells an IP address. */
  readonly ip: string | undefined;
}

/** Says whether one leaf of an event satisfies one element of a pattern's array. */
export type Matcher = (value: FieldValue) => boolean;

type Scalar = Extract<JsonNode, { kind: 'string' | 'number' | 'literal' }>;

/** The value that a scalar JSON node has for the matchers. */
export function fieldValueOf(node: Scalar): FieldValue {
  if (node.kind !== 'string') return { text: node.text, number: comparableNumber(node.text), ip: undefined };
  return { text: quote(node.value), number: undefined, ip: readIpAddress(node.value) };
}

/** The form in which event-ruler compares a string: between quotes, so that no string equals `true` or a number. */
export function quote(value: string): string {
  return `"${value}"`;
}
