import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getFromSns } from '../../../functions/receive-webhook/sns-http.ts';

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: '/' }).end();
    else if (request.url === '/huge') response.end('a'.repeat(64 * 1024 + 1));
    else response.writeHead(request.url === '/' ? 200 : 404).end('text');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => server.close());

describe('getFromSns', () => {
  it.each([
    ['/', 200],
    ['/unknown', 404],
  ])('gets what %s answers', async (path, status) => {
    expect(await getFromSns(`${url}${path}`)).toEqual({ status, text: 'text' });
  });

  it('follows no redirect', async () => {
    await expect(getFromSns(`${url}/moved`)).rejects.toThrow('fetch failed');
  });

  it('reads no more than 64 KiB', async () => {
    await expect(getFromSns(`${url}/huge`)).rejects.toThrow('more than 65536 bytes');
  });
});
