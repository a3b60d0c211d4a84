import type { Matcher } from './field-value.ts';
import { PatternProblem } from './invalid-event-pattern-error.ts';
import { readIpAddress } from './ip-address.ts';
import type { JsonNode } from './json-text.ts';
import { stringOf } from './text-matchers.ts';

const MASK = /^[+-]?\d+$/;
const MAX_JAVA_INTEGER = 2 ** 31 - 1;

/** `{"cidr": "10.0.0.0/24"}`, IPv4 (mask below 32 bits) or IPv6 (mask below 128 bits); host bits may be set. */
export function compileCidr(node: JsonNode): Matcher {
  const { address, maskBits } = readCidr(stringOf(node, 'prefix match pattern must be a string'), node.at);
  const hostBits = BigInt(address.length * 4 - maskBits);
  const network = (digits: string) => BigInt(`0x${digits}`) >> hostBits;
  const wanted = network(address);
  return ({ ip }) => ip?.length === address.length && network(ip) === wanted;
}

/** Strings that spell the same IP address, however it is written. */
export function equalsIpAddress(address: string): Matcher {
  return ({ ip }) => ip === address;
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
  const bits = address.length * 4;
  if (maskBits >= bits) throw new PatternProblem(`IPv${bits === 32 ? 4 : 6} mask bits must be < ${bits}`, at);
  return { address, maskBits };
}
