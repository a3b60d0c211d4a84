import { createHash } from 'node:crypto';

/** `length` characters of `0-9a-z` that depend on the seed alone. At most 40. */
export function idOf(seed: string, length: number): string {
  const digest = BigInt(`0x${createHash('sha256').update(seed).digest('hex')}`);
  return digest.toString(36).padStart(50, '0').slice(-length);
}

/** A version 4 shaped UUID that depends on the seed alone. */
export function uuidOf(seed: string): string {
  const hex = createHash('sha256').update(`uuid:${seed}`).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
