import { generateKeyPairSync } from 'node:crypto';
import { request } from 'node:http';
import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { aCertificate } from '../functions/receive-webhook/a-certificate.ts';

/** An HTTPS server before an HTTP one, for clients that speak nothing else. */
export interface TlsDoor {
  /** Host and port, without a scheme. */
  readonly server: string;
  /** Trusts the door's certificate, which is its own. */
  readonly agent: Agent;
  readonly close: () => Promise<void>;
}

/** Opens a door on loopback that hands every request on to `target` as it came. */
export async function openTlsDoor(target: string): Promise<TlsDoor> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const day = 86_400_000;
  const cert = aCertificate(keys, { from: new Date(Date.now() - day), to: new Date(Date.now() + day) });
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const server = createServer({ key, cert }, (incoming, outgoing) => {
    const { method, url = '/', headers } = incoming;
    const onward = request(new URL(url, target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    server: `127.0.0.1:${port}`,
    agent: new Agent({ ca: cert, checkServerIdentity: () => undefined }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
