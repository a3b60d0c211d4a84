import { EventEmitter } from 'node:events';
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';

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
 * `request` of `node:http`, but that requests to the sandbox's own endpoint go to `carry` and not over a socket. They are
 * those of AWS SDK clients, which see as much of a request and a response of `node:http` as they look at.
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

/** As much of a request as a client needs that writes a body and waits for the answer. */
class EndpointRequest extends EventEmitter {
  readonly #options: RequestOptions;
  readonly #carry: Carry;
  readonly #chunks: Buffer[] = [];

  constructor(options: RequestOptions, carry: Carry, onResponse: (response: IncomingMessage) => void) {
    super();
    this.#options = options;
    this.#carry = carry;
    this.once('response', onResponse);
  }

  write(chunk: string | Buffer): boolean {
    this.#chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    return true;
  }

  end(chunk?: string | Buffer): this {
    if (chunk !== undefined) this.write(chunk);
    void this.#answer();
    return this;
  }

  destroy(error?: Error): this {
    if (error) this.emit('error', error);
    this.emit('close');
    return this;
  }

  async #answer(): Promise<void> {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.#options.headers ?? {}))
      headers[name.toLowerCase()] = String(value);
    const response = await this.#carry({ headers, body: Buffer.concat(this.#chunks) });
    this.emit('response', responseOf(response));
    this.emit('close');
  }
}

/**
 * As much of a response as an SDK client reads. Its body is there already, so it is the bytes themselves, which a client
 * takes as they are; to read them from a stream would make a call cost a third more.
 */
function responseOf({ status, headers, body }: CarriedResponse) {
  return Object.assign(new Uint8Array(Buffer.from(body)), { statusCode: status, headers });
}
