import { describe, expect, it } from 'vitest';
import { SnsCertificates } from '../../../functions/receive-webhook/sns-certificates.ts';
import { aCertificate } from './a-certificate.ts';
import { certificateUrl, snsKeys } from './an-sns-message.ts';
import { now } from './a-webhook.ts';

const hour = 3_600_000;
const pem = aCertificate(snsKeys, { from: new Date(now.getTime() - hour), to: new Date(now.getTime() + hour) });

function certificates(...answers: { status: number; text: string }[]) {
  const asked: string[] = [];
  const get = async (url: string) => {
    asked.push(url);
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 404, text: '' };
  };
  return { certificates: new SnsCertificates(get), asked };
}

describe('SnsCertificates', () => {
  it('fetches a certificate once', async () => {
    const { certificates: known, asked } = certificates({ status: 200, text: pem });
    for (let time = 0; time < 3; time += 1)
      expect((await known.keyAt(certificateUrl, now))?.equals(snsKeys.publicKey)).toBe(true);
    expect(asked).toEqual([certificateUrl]);
  });

  it.each([2 * hour, -2 * hour])('trusts none that is not valid, %d ms from now', async (offset) => {
    const { certificates: known } = certificates({ status: 200, text: pem });
    expect(await known.keyAt(certificateUrl, new Date(now.getTime() + offset))).toBeUndefined();
  });

  it.each([
    [200, 'no certificate'],
    [200, ''],
    [404, pem],
    [302, pem],
  ])('trusts nothing that comes as %d %j', async (status, text) => {
    const { certificates: known } = certificates({ status, text });
    expect(await known.keyAt(certificateUrl, now)).toBeUndefined();
  });

  it('throws when SNS is down, and does not remember that', async () => {
    const { certificates: known } = certificates({ status: 503, text: '' }, { status: 200, text: pem });
    await expect(known.keyAt(certificateUrl, now)).rejects.toThrow('SNS answered 503');
    expect(await known.keyAt(certificateUrl, now)).toBeDefined();
  });

  it('keeps four', async () => {
    const { certificates: known, asked } = certificates({ status: 200, text: pem });
    for (const name of ['1', '2', '3', '4', '5', '1']) await known.keyAt(name, now);
    expect(asked).toEqual(['1', '2', '3', '4', '5', '1']);
    await known.keyAt('5', now);
    expect(asked).toHaveLength(6);
  });
});
