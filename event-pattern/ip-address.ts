const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;
const IPV6 = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/;
const IPV4_MAX_LENGTH = 15;
const IPV6_GROUPS = 8;
const MAPPED_IPV4 = '00000000000000000000ffff';

/** The address as 8 (IPv4) or 32 (IPv6) lower-case hexadecimal digits, or undefined when `text` is no IP address. */
export function readIpAddress(text: string): string | undefined {
  if (IPV4.test(text)) return readIpv4(text);
  return IPV6.test(text) ? readIpv6(text) : undefined;
}

function readIpv4(text: string): string | undefined {
  const octets = text.split('.').map(Number);
  if (text.length > IPV4_MAX_LENGTH || octets.some((octet) => octet > 255)) return undefined;
  return octets.map((octet) => octet.toString(16).padStart(2, '0')).join('');
}

function readIpv6(text: string): string | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = expandGroups(head ?? [], tail);
  if (groups?.length !== IPV6_GROUPS || !groups.every(isGroup)) return undefined;
  const digits = groups.map((group) => Number.parseInt(group, 16).toString(16).padStart(4, '0')).join('');
  return digits.startsWith(MAPPED_IPV4) ? digits.slice(MAPPED_IPV4.length) : digits;
}

function expandGroups(head: readonly string[], tail: readonly string[] | undefined): readonly string[] | undefined {
  if (tail === undefined) return head;
  const missing = IPV6_GROUPS - head.length - tail.length;
  return missing < 1 ? undefined : [...head, ...Array<string>(missing).fill('0'), ...tail];
}

function isGroup(group: string): boolean {
  return group !== '' && Number.parseInt(group, 16) <= 0xffff;
}
