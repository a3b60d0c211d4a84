import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Where a call may go: to the internet, or into your network as well. `loopback` goes nowhere but to this machine: for a
 * rehearsal.
 */
export type Reach = 'public' | 'private' | 'loopback';

/** Raised before anything is sent to an address that may not be reached. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError' as const;

  constructor(host: string, why: string) {
    super(`${host} is not called: ${why}.`);
  }
}

/** Inside a network: https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 counterpart. */
const inside = listOf(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']);
const loopback = listOf(['127.0.0.0/8', '::1/128']);
/** Never: this host, link-local (where instance metadata is), and addresses that stand for others or for many. */
const never = listOf([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/128',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2001:db8::/32',
  '2002::/16',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]);

/** Throws an AddressRefusedError for an address that may not be reached, in whatever spelling. */
export function refuseAddress(address: string, reach: Reach, host = address): void {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const isIn = (list: BlockList) => list.check(address, family);
  if (reach === 'loopback') {
    if (!isIn(loopback)) throw new AddressRefusedError(host, `${address} is not this machine`);
    return;
  }
  if (isIn(never) || isIn(loopback))
    throw new AddressRefusedError(host, `${address} is this machine, link-local or reserved`);
  if (isIn(inside) && reach !== 'private')
    throw new AddressRefusedError(
      host,
      `${address} is inside a network; set allow_private in config/executors.yaml if that is meant`,
    );
}

/** Refuses a URL that is not HTTPS, names a user, or has an address for a host that may not be reached. */
export function refuseUrl(url: URL, reach: Reach): void {
  const isPlain = url.protocol === 'http:' && reach === 'loopback';
  if (url.protocol !== 'https:' && !isPlain) throw new AddressRefusedError(url.host, 'only https is spoken');
  if (url.username !== '' || url.password !== '') throw new AddressRefusedError(url.host, 'its URL names a user');
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0) refuseAddress(literal, reach);
}

/** Resolves a name and gives only addresses that may be reached, so that the connection goes to what was checked. */
export function checkedLookup(reach: Reach): LookupFunction {
  return (host, options, answer) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return answer(error, []);
      try {
        for (const { address } of addresses) refuseAddress(address, reach, host);
      } catch (refusal) {
        return answer(refusal instanceof Error ? refusal : new Error(String(refusal)), []);
      }
      const [first] = addresses;
      if (options.all) answer(null, addresses);
      else answer(null, first?.address ?? '', first?.family);
    });
  };
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** A reach as the stack names it. Throws for any other word. */
export function reachOf(word: string): Reach {
  if (word === 'public' || word === 'private' || word === 'loopback') return word;
  throw new Error(`${word} is no reach; the stack sets public, private or loopback.`);
}
