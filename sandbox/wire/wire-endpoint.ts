import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { AwsError, type CallAws, type Principal } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { LoopbackServer, readBody } from '../loopback.ts';
import { type Protocol, protocolOf, type WireRequest, type WireResponse } from './protocols.ts';
import { clientNameOf } from './service-model.ts';

export interface WireEndpointOptions {
  readonly clock: VirtualClock;
  readonly call: CallAws;
  /** The role behind an access key, or undefined for a key that nobody was given. */
  readonly principalFor: (accessKeyId: string) => Principal | undefined;
  /** Name, text and status of an error as the service spells it. @default - as it is */
  readonly spell?: (error: AwsError) => AwsError;
}

/** A request to the endpoint, with the names of its headers in lower case. */
export interface EndpointRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** The loopback endpoint that real AWS SDK clients talk to through `AWS_ENDPOINT_URL`. */
export class WireEndpoint {
  readonly #options: WireEndpointOptions;
  readonly #faults: Error[] = [];
  readonly #server = new LoopbackServer((request, response) => this.#serve(request, response));
  #requests = 0;

  constructor(options: WireEndpointOptions) {
    this.#options = options;
  }

  /** Starts to listen on a free port of 127.0.0.1. */
  async listen(): Promise<{ readonly url: string }> {
    return { url: await this.#server.listen() };
  }

  /** Stops listening and ends open connections. */
  close(): Promise<void> {
    return this.#server.close();
  }

  /** Whatever the sandbox itself could not do: an unsupported call, a world that does not describe one. */
  faults(): readonly Error[] {
    return this.#faults;
  }

  /** Answers one request, whichever way it came. Never rejects. */
  async answer({ headers, body }: EndpointRequest): Promise<WireResponse> {
    const release = this.#options.clock.hold('wire');
    try {
      const answer = await this.#answer(headers, readableText(headers, body));
      // The SDK corrects its clock by this header: it must not see the host's time.
      return { ...answer, headers: { ...answer.headers, date: new Date(this.#options.clock.now()).toUTCString() } };
    } finally {
      release();
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const release = this.#options.clock.hold('wire');
    try {
      const { status, headers, body } = await this.answer({ headers: request.headers, body: await readBody(request) });
      response.sendDate = false;
      response.writeHead(status, headers);
      response.end(body);
    } finally {
      release();
    }
  }

  async #answer(headers: EndpointRequest['headers'], body: string): Promise<WireResponse> {
    const requestId = `sandbox-${++this.#requests}`;
    let protocol: Protocol | undefined;
    try {
      const { accessKeyId, service } = scopeOf(headers);
      const wire: WireRequest = {
        service,
        contentType: String(headers['content-type'] ?? ''),
        target: String(headers['x-amz-target'] ?? ''),
        body,
      };
      protocol = protocolOf(wire);
      const principal = this.#options.principalFor(accessKeyId);
      if (!principal)
        throw new AwsError(
          'UnrecognizedClientException',
          'The security token included in the request is invalid.',
          403,
        );
      const operation = protocol.operationOf(wire);
      const input = protocol.decode(wire, operation);
      const output = await this.#options.call({ service, operation, input, principal });
      return protocol.encode(service, operation, output, requestId);
    } catch (error) {
      return this.#fail(error, protocol, requestId);
    }
  }

  #fail(error: unknown, protocol: Protocol | undefined, requestId: string): WireResponse {
    const told = error instanceof AwsError ? (this.#options.spell?.(error) ?? error) : this.#noteFault(error);
    const { name, message, statusCode } = told;
    if (protocol) return protocol.encodeError(name, message, statusCode, requestId, membersOf(told));
    return {
      status: statusCode,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ __type: name, message }),
    };
  }

  /** Not with a status that SDK clients retry: what the sandbox cannot do, it cannot do the second time either. */
  #noteFault(error: unknown): AwsError {
    const fault = error instanceof Error ? error : new Error(String(error));
    this.#faults.push(fault);
    return new AwsError(fault.name, fault.message);
  }
}

/** Who signed, and for which service: `Credential=AKID/20261102/eu-central-1/ssm/aws4_request`. */
function scopeOf({ authorization }: EndpointRequest['headers']): { accessKeyId: string; service: string } {
  const [, accessKeyId, service] =
    /Credential=([^/,\s]+)\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(String(authorization ?? '')) ?? [];
  if (!accessKeyId || !service)
    throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  return { accessKeyId, service: clientNameOf(service) };
}

/** CloudWatch's client compresses what is large. */
function readableText(headers: EndpointRequest['headers'], body: Uint8Array): string {
  const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString('utf8');
}

/** What an error carries beside its name and text, such as `CancellationReasons`. */
function membersOf(error: AwsError): Readonly<Record<string, unknown>> {
  return 'members' in error && typeof error.members === 'object' ? { ...error.members } : {};
}
