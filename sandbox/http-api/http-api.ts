import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallAws, Principal } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { decodePayload, encodePayload } from '../lambda/payload.ts';
import { isThrottled } from '../lambda/throttling.ts';
import { LoopbackServer, readBody } from '../loopback.ts';
import { gatewayResponse, type HttpResponse, readFunctionResponse } from './function-response.ts';
import { decodePath, toRequestEvent } from './request-event.ts';
import { type RouteDescription, type RouteMatch, RouteTable } from './routes.ts';
import { Throttle, type ThrottleDescription } from './throttle.ts';

/** One HTTP API with its one stage, as the template describes it. */
export interface HttpApiDescription {
  readonly apiId: string;
  readonly routes: readonly RouteDescription[];
  /** `$default`, which has no path of its own, or a name that every path begins with. @default '$default' */
  readonly stage?: string;
  /** @default - no throttling */
  readonly throttling?: ThrottleDescription;
}

/** What an HTTP API stands in. */
export interface HttpApiOptions {
  readonly clock: VirtualClock;
  /** Makes the Invoke calls, as apigateway.amazonaws.com on behalf of the route. */
  readonly call: CallAws;
  readonly account: string;
  readonly region: string;
  /** Real milliseconds a function may take: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html @default 30000 */
  readonly integrationTimeoutMs?: number;
}

const BODY_LIMIT_BYTES = 10_485_760;

/** An API Gateway HTTP API on loopback: requests become events of payload format 2.0 for Lambda functions. */
export class HttpApi {
  readonly #description: HttpApiDescription;
  readonly #options: HttpApiOptions;
  readonly #routes: RouteTable;
  readonly #throttle: Throttle | undefined;
  readonly #faults: Error[] = [];
  readonly #server = new LoopbackServer((request, response) => this.#serve(request, response));
  #requests = 0;

  constructor(description: HttpApiDescription, options: HttpApiOptions) {
    this.#description = description;
    this.#options = options;
    this.#routes = new RouteTable(description.routes);
    this.#throttle = description.throttling && new Throttle(description.throttling, options.clock.now());
  }

  /** Starts to listen on loopback and gives the URL of the stage, without a slash at its end. */
  async listen(): Promise<{ readonly url: string }> {
    return { url: `${await this.#server.listen()}${this.#stagePath()}` };
  }

  /** Stops listening and ends open connections. */
  close(): Promise<void> {
    return this.#server.close();
  }

  /** Why requests were answered with a 500 or a 503. */
  faults(): readonly Error[] {
    return this.#faults;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const ids = this.#nextIds();
    const label = `${request.method} ${request.url}`;
    const answer = await this.#options.clock.holding(label, () => this.#answer(request, ids));
    response.setHeader('apigw-requestid', ids.requestId);
    if (!setHeaders(response, answer)) {
      this.#send(
        request,
        response,
        this.#fail(500, 'Internal Server Error', 'a header of the function cannot be sent'),
      );
    } else this.#send(request, response, answer);
  }

  #send(request: IncomingMessage, response: ServerResponse, answer: HttpResponse): void {
    response.writeHead(answer.statusCode, { 'content-length': answer.body.length });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  }

  async #answer(request: IncomingMessage, ids: RequestIds): Promise<HttpResponse> {
    try {
      const body = await readBody(request);
      if (body.length > BODY_LIMIT_BYTES) return gatewayResponse(413, 'Request Entity Too Large');
      if (this.#throttle?.admit(this.#options.clock.now()) === false) return gatewayResponse(429, 'Too Many Requests');
      return await this.#route(request, body, ids);
    } catch (error) {
      this.#faults.push(error instanceof Error ? error : new Error(String(error)));
      if (isThrottled(error)) return gatewayResponse(503, 'Service Unavailable');
      return gatewayResponse(500, 'Internal Server Error');
    }
  }

  async #route(request: IncomingMessage, body: Buffer, ids: RequestIds): Promise<HttpResponse> {
    const { apiId, stage = '$default' } = this.#description;
    const { account, region, clock } = this.#options;
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = this.#pathInStage(decodePath(url.pathname));
    const match = path === undefined ? undefined : this.#routes.match(request.method ?? 'GET', path);
    if (!match) return gatewayResponse(404, 'Not Found');
    const context = { account, region, apiId, stage, ...ids, nowMs: clock.now() };
    return this.#invoke(match, request.method ?? 'GET', toRequestEvent(request, url, body, match, context));
  }

  async #invoke(match: RouteMatch, method: string, event: Record<string, unknown>): Promise<HttpResponse> {
    const Payload = encodePayload(JSON.stringify(event));
    const invocation = this.#options.call({
      service: 'lambda',
      operation: 'Invoke',
      input: { FunctionName: match.route.functionArn, InvocationType: 'RequestResponse', Payload },
      principal: this.#principal(match.route, method),
    });
    const output = await withTimeout(invocation, this.#options.integrationTimeoutMs ?? 30_000);
    if (!output) return this.#fail(503, 'Service Unavailable', `${match.route.routeKey} took too long`);
    const text = decodePayload(output['Payload']) || 'null';
    if (output['FunctionError'] !== undefined)
      return this.#fail(500, 'Internal Server Error', `${match.route.routeKey} failed: ${text}`);
    const response = readFunctionResponse(JSON.parse(text));
    return (
      response ?? this.#fail(500, 'Internal Server Error', `${match.route.routeKey} gave no HTTP response: ${text}`)
    );
  }

  #fail(statusCode: number, message: string, reason: string): HttpResponse {
    this.#faults.push(new Error(`The HTTP API ${this.#description.apiId} answered ${statusCode}: ${reason}`));
    return gatewayResponse(statusCode, message);
  }

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html */
  #principal({ routeKey }: RouteDescription, method: string): Principal {
    const { account, region } = this.#options;
    const { apiId, stage = '$default' } = this.#description;
    const [routeMethod, path = ''] = routeKey.split(' ');
    const resource = routeKey === '$default' ? '$default' : `${routeMethod === 'ANY' ? method : routeMethod}${path}`;
    const sourceArn = `arn:aws:execute-api:${region}:${account}:${apiId}/${stage}/${resource}`;
    return { kind: 'service', arn: 'apigateway.amazonaws.com', sourceArn };
  }

  #stagePath(): string {
    const { stage = '$default' } = this.#description;
    return stage === '$default' ? '' : `/${stage}`;
  }

  #pathInStage(path: string): string | undefined {
    const base = this.#stagePath();
    if (base === '') return path;
    if (path === base) return '/';
    return path.startsWith(`${base}/`) ? path.slice(base.length) : undefined;
  }

  #nextIds(): RequestIds {
    this.#requests += 1;
    const digest = createHash('sha256').update(`${this.#description.apiId}:${this.#requests}`).digest();
    const seconds = Math.floor(this.#options.clock.now() / 1000).toString(16);
    return {
      requestId: `${digest.toString('base64url').slice(0, 15)}=`,
      traceId: `Root=1-${seconds}-${digest.toString('hex').slice(0, 24)}`,
    };
  }
}

interface RequestIds {
  readonly requestId: string;
  readonly traceId: string;
}

/** Tells whether all headers could be set: a function may name or fill one in a way that HTTP does not have. */
function setHeaders(response: ServerResponse, { headers }: HttpResponse): boolean {
  try {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return true;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    for (const name of Object.keys(headers)) response.removeHeader(name);
    return false;
  }
}

async function withTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
