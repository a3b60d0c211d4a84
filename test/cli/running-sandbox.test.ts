import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { askSandbox } from '../../cli/control-client.ts';
import { ControlServer } from '../../cli/control-server.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server of something else, with its port. */
async function foreignServer(status: number, body: string): Promise<number> {
  const server = createServer((_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

describe('ControlServer', () => {
  it('says which port is taken, and what to do', async () => {
    const port = await foreignServer(200, 'hello');
    const why = `Port ${port} is taken, perhaps by another \`handsoff start\`; choose another with --port, or stop that one.`;
    const server = new ControlServer();
    await expect(server.listen(port)).rejects.toThrow(why);
    await server.close();
  });

  it('holds its port while the stack comes up, and says so', async () => {
    const server = new ControlServer();
    closing.push(() => server.close());
    const { port } = await server.listen(0);
    await expect(askSandbox('GET', 'incidents', undefined, port)).rejects.toThrow('still coming up');
  });
});
