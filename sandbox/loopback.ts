import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A server on 127.0.0.1, on any port that is free. */
export class LoopbackServer {
  readonly #server: Server;

  constructor(serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
    this.#server = createServer((request, response) => void serve(request, response));
    this.#server.keepAliveTimeout = 60_000;
  }

  /** Starts to listen and gives the URL, without a slash at its end. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('A server on loopback has no port.');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Stops listening and ends open connections. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

/** Reads the body of a request to its end. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
