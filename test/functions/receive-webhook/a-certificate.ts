import { type KeyObject, sign } from 'node:crypto';

/** A certificate of `key`'s own, in PEM: as little of X.509 version 1 as Node reads. */
export function aCertificate(
  { publicKey, privateKey }: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
  validity: { readonly from: Date; readonly to: Date },
): string {
  const name = sequence(
    tlv(0x31, sequence(tlv(0x06, Buffer.from([0x55, 4, 3])), tlv(0x0c, Buffer.from('sns.amazonaws.com')))),
  );
  const algorithm = sequence(tlv(0x06, Buffer.from('2a864886f70d01010b', 'hex')), tlv(0x05, Buffer.alloc(0)));
  const content = sequence(
    tlv(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(timeOf(validity.from), timeOf(validity.to)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', content, privateKey);
  const der = sequence(content, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function timeOf(date: Date): Buffer {
  return tlv(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));
}

function tlv(tag: number, value: Buffer): Buffer {
  const length =
    value.length < 128 ? Buffer.from([value.length]) : Buffer.from([0x82, value.length >> 8, value.length & 255]);
  return Buffer.concat([Buffer.from([tag]), length, value]);
}
