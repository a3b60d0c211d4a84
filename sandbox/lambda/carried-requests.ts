import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Readable, Writable } from 'node:stream';

/** A request of a function to the sandbox's own endpoint, with its headers in lower case. */
export interface CarriedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The answer to it. */
export interface CarriedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers what a function asks of the endpoint, without a socket between them. Never rejects. */
export type Carry = (request: CarriedRequest) => Promise<CarriedResponse>;

/**
 * `request` of `node:http`, but that requests to the sandbox's own endpoint go to `carry` and not over a socket. Whoever
 * makes them, an AWS SDK client above all, sees a request and a response of `node:http`.
 */
export function carriedHttp(endpointUrl: string, carry: Carry): typeof http.request {
  const { hostname, port } = new URL(endpointUrl);
  const request = (...given: Parameters<typeof http.request>) => {
    const [options, onResponse] = given as unknown as [RequestOptions, (response: IncomingMessage) => void];
    const isEndpoint = options.host === hostname && String(options.port) === port;
    return isEndpoint
      ? (new EndpointRequest(options, carry, onResponse) as unknown as ClientRequest)
      : http.request(...given);
  };
  return request as typeof http.request;
}

class EndpointRequest extends Writable {
  readonly #options: RequestOptions;
  readonly #carry: Carry;
  readonly #chunks: Buffer[] = [];

  constructor(options: RequestOptions, carry: Carry, onResponse: (response: IncomingMessage) => void) {
    super();
    this.#options = options;
    this.#carry = carry;
    this.once('response', onResponse);
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    void this.#answer();
    done();
  }

  async #answer(): Promise<void> {
    const given = Object.entries(this.#options.headers ?? {});
    const headers = Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)]));
    this.emit('response', responseOf(await this.#carry({ headers, body: Buffer.concat(this.#chunks) })));
  }
}

function responseOf({ status, headers, body }: CarriedResponse): Readable {
  const response = new Readable({
    read() {
      if (body !== '') this.push(body);
      this.push(null);
    },
  });
  return Object.assign(response, { statusCode: status, headers, complete: true });
}
