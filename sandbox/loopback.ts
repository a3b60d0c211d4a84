import type { Server } from 'node:http';

/** Lets a server listen on 127.0.0.1 and gives its port; 0 takes any free one. Throws when the port is taken. */
export async function listenOnLoopback(server: Server, port: number, name: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`The ${name} has no port.`);
  return address.port;
}

/** Stops listening and ends open connections. */
export async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
