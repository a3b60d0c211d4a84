import { describe, expect, it } from 'vitest';
import {
  checkedLookup,
  type Reach,
  reachOf,
  refuseAddress,
  refuseUrl,
} from '../../../functions/adapters/outbound-address.ts';

const refuses = (url: string, reach: Reach) => () => refuseUrl(new URL(url), reach);

describe('where a call may go', () => {
  it.each([
    'https://169.254.169.254/',
    'https://[::ffff:169.254.169.254]/',
    'https://[fe80::1]/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://0.0.0.0/',
    'https://224.0.0.1/',
    'http://rundeck.example.com/',
    'ftp://rundeck.example.com/',
    'https://user:password@rundeck.example.com/',
  ])('is never %s, inside a network neither', (url) => {
    expect(refuses(url, 'public')).toThrow('is not called');
    expect(refuses(url, 'private')).toThrow('is not called');
  });

  it.each([
    'https://10.0.0.7/',
    'https://192.168.1.1/',
    'https://172.16.3.4/',
    'https://100.64.0.1/',
    'https://[fd00::1]/',
  ])('is %s only where that is meant', (url) => {
    expect(refuses(url, 'public')).toThrow('allow_private');
    expect(refuses(url, 'private')).not.toThrow();
  });

  it.each(['https://93.184.215.14/', 'https://[2606:4700::1111]/', 'https://rundeck.example.com/rundeck'])(
    'is %s',
    (url) => {
      expect(refuses(url, 'public')).not.toThrow();
    },
  );

  it('is nothing but this machine in a rehearsal', () => {
    expect(refuses('http://127.0.0.1:4440/', 'loopback')).not.toThrow();
    expect(refuses('https://93.184.215.14/', 'loopback')).toThrow('is not this machine');
    expect(refuses('http://10.0.0.7/', 'loopback')).toThrow('is not this machine');
  });

  it.each([
    ['public', false],
    ['loopback', true],
  ] as const)('is decided anew for every address that a name has: %s', async (reach, isAllowed) => {
    const found = await new Promise<{ readonly error: unknown; readonly addresses: unknown }>((resolve) => {
      checkedLookup(reach)('localhost', { all: true }, (error, addresses) => resolve({ error, addresses }));
    });
    if (isAllowed) expect(found).toMatchObject({ error: null, addresses: [{ family: expect.any(Number) }] });
    else expect(found.error).toMatchObject({ name: 'AddressRefusedError' });
  });

  it('names the host that has the address', () => {
    expect(() => refuseAddress('10.0.0.7', 'public', 'rundeck.example.com')).toThrow(
      'rundeck.example.com is not called: 10.0.0.7 is inside a network',
    );
  });

  it('is one of three words', () => {
    expect(reachOf('private')).toBe('private');
    expect(() => reachOf('everywhere')).toThrow('everywhere is no reach');
  });
});
