import { createHash } from 'node:crypto';

/** A hexadecimal text of `length` characters that is always the same for the same seed. */
export function stableHex(seed: string, length: number): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, length);
}

/** A UUID (version 4 in form) that is always the same for the same seed. */
export function stableUuid(seed: string): string {
  const hex = stableHex(seed, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** `length` characters of `0-9a-z` that depend on the seed alone. At most 40. */
export function stableText(seed: string, length: number): string {
  const digest = BigInt(`0x${createHash('sha256').update(seed).digest('hex')}`);
  return digest.toString(36).padStart(50, '0').slice(-length);
}
