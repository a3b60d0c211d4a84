import type { Matcher } from './field-value.ts';
import { PatternProblem } from './invalid-event-pattern-error.ts';
import { readIpAddress } from './ip-address.ts';
import type { JsonNode } from './json-text.ts';
import { stringOf } from './text-matchers.ts';

const DIGIT_BITS = 4;
const MASK = /^[+-]?\d+$/;
const MAX_JAVA_INTEGER = 2 ** 31 - 1;

/** `{"cidr": "10.0.0.0/24"}`, IPv4 (mask below 32 bits) or IPv6 (mask below 128 bits); host bits may be set. */
export function compileCidr(node: JsonNode): Matcher {
  const { address, maskBits } = readCidr(stringOf(node, 'prefix match pattern must be a string'), node.at);
  const hostMask = (1n << BigInt(address.length * DIGIT_BITS - maskBits)) - 1n;
  const base = BigInt(`0x${address}`);
  const digits = (value: bigint) => value.toString(16).padStart(address.length, '0');
  return matchRange(digits(base & ~hostMask), digits(base | hostMask));
}

/** Strings that spell the same IP address, however it is written. */
export function equalsIpAddress(address: string): Matcher {
  return matchRange(address, address);
}

function matchRange(bottom: string, top: string): Matcher {
  return ({ ip }) => ip !== undefined && isWithin(ip, bottom, top);
}

// event-ruler compares digit by digit from the left and stops once the outcome is certain, whatever the lengths. That is
// why 0.0.0.0/0 also matches every IPv6 address and ::/0 every IPv4 address that does not start with its digits.
function isWithin(digits: string, bottom: string, top: string): boolean {
  let aboveBottom = false;
  let belowTop = false;
  for (let index = 0; index < bottom.length && !(aboveBottom && belowTop); index++) {
    const digit = digits.charAt(index);
    const [least, most] = [bottom.charAt(index), top.charAt(index)];
    if (digit === '' || (!aboveBottom && digit < least) || (!belowTop && digit > most)) return false;
    aboveBottom ||= digit > least;
    belowTop ||= digit < most;
  }
  return true;
}

function readCidr(text: string, at: number): { address: string; maskBits: number } {
  const [base = '', mask = '', ...others] = text.replace(/\/+$/, '').split('/');
  if (mask === '' || others.length > 0) throw new PatternProblem("Malformed CIDR, one '/' required", at);
  const maskBits = Number(mask);
  if (!MASK.test(mask) || Math.abs(maskBits) > MAX_JAVA_INTEGER) {
    throw new PatternProblem('Malformed CIDR, mask bits must be an integer', at);
  }
  if (maskBits < 0) throw new PatternProblem('Malformed CIDR, mask bits must not be negative', at);
  const address = readIpAddress(base);
  if (address === undefined) throw new PatternProblem(`Nonstandard IP address: ${base}`, at);
  const bits = address.length * DIGIT_BITS;
  if (maskBits >= bits) throw new PatternProblem(`IPv${bits === 32 ? 4 : 6} mask bits must be < ${bits}`, at);
  return { address, maskBits };
}
