import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoopbackServer, readBody } from '../loopback.ts';
import type { JobRequest, JobResult } from '../world/job.ts';
import { splitArguments } from './rundeck-arguments.ts';

/** One run of a job. */
export interface RundeckRun {
  readonly id: number;
  readonly job: string;
  readonly options: Readonly<Record<string, string>>;
  readonly startedAtMs: number;
  readonly endsAtMs: number;
  readonly endsAs: 'succeeded' | 'failed';
  abortedAtMs?: number;
}

/** One call that reached Rundeck, without its token. */
export interface RundeckCall {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** How a call is made to fail before Rundeck looks at it. `raw` is sent as it is. */
export type RundeckFailure =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly raw?: string }
  | { readonly hangUp: true }
  | { readonly silent: true };

export interface FakeRundeckOptions {
  /** Where its time comes from. */
  readonly clock: { now(): number };
  /** The tokens it takes. */
  readonly tokens: readonly string[];
  /** What a job does. Throws for one that nobody describes. */
  readonly run: (request: JobRequest) => JobResult;
  /** The jobs there are, by UUID, with the options that each needs. @default - any UUID, without options that it needs */
  readonly jobs?: Readonly<Record<string, readonly string[]>>;
  /** The newest version of the API that it speaks. @default 53 */
  readonly newestVersion?: number;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** https://docs.rundeck.com/docs/api/rundeck-api-versions.html: JSON for these calls came with 14. */
const OLDEST_VERSION = 14;
const OPTIONS_AS_MAP_VERSION = 18;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A Rundeck on loopback that runs jobs in virtual time, and takes and refuses calls as its API says:
 * https://docs.rundeck.com/docs/api/. It has running a job, looking at an execution, and aborting one.
 */
export class FakeRundeck {
  readonly #options: FakeRundeckOptions;
  readonly #runs: RundeckRun[] = [];
  readonly #calls: RundeckCall[] = [];
  readonly #faults: Error[] = [];
  #failures: RundeckFailure[] = [];
  readonly #server = new LoopbackServer((request, response) => this.#serve(request, response));

  constructor(options: FakeRundeckOptions) {
    this.#options = options;
  }

  /** Starts to listen on loopback and gives its base URL. */
  async listen(): Promise<{ readonly url: string }> {
    return { url: await this.#server.listen() };
  }

  /** Stops listening and ends open connections. */
  close(): Promise<void> {
    return this.#server.close();
  }

  /** Every run so far, with its status now. */
  runs(): readonly (RundeckRun & { readonly status: string })[] {
    return this.#runs.map((run) => ({ ...run, status: this.#statusOf(run) }));
  }

  calls(): readonly RundeckCall[] {
    return this.#calls;
  }

  /** What went wrong in the fake itself, such as a job that nobody describes. */
  faults(): readonly Error[] {
    return this.#faults;
  }

  /** Makes the next calls fail, one each, after those planned before. */
  failNext(...failures: readonly RundeckFailure[]): void {
    this.#failures.push(...failures);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#take(request, response);
    } catch (error) {
      this.#faults.push(error instanceof Error ? error : new Error(String(error)));
      response.writeHead(500).end();
    }
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const path = new URL(url, 'http://rundeck').pathname;
    const text = (await readBody(request)).toString('utf8');
    const failure = this.#failures.shift();
    if (failure) return this.#fail(failure, { method, path }, response);
    const { status, body } = this.#answer(request, method, path, text);
    this.#calls.push({ method, path, status });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  #fail(failure: RundeckFailure, call: Pick<RundeckCall, 'method' | 'path'>, response: ServerResponse): void {
    const status = 'status' in failure ? failure.status : 0;
    this.#calls.push({ ...call, status });
    if ('hangUp' in failure) response.destroy();
    if ('status' in failure) response.writeHead(status, failure.headers).end(failure.raw ?? '');
  }

  #answer({ headers }: IncomingMessage, method: string, path: string, text: string): Answer {
    const [, version = '', kind = '', id = '', action = ''] =
      /^\/api\/(\d+)\/(job|execution)\/([^/]+)(?:\/([a-z]+))?$/.exec(path) ?? [];
    const refuse = (status: number, errorCode: string, message: string): Answer => ({
      status,
      body: { error: true, apiversion: Number(version), errorCode, message },
    });
    if (!this.#options.tokens.includes(String(headers['x-rundeck-auth-token'])))
      return refuse(403, 'unauthorized', `(unauthenticated) is not authorized for: ${path}`);
    const newest = this.#options.newestVersion ?? 53;
    if (version === '' || Number(version) < OLDEST_VERSION || Number(version) > newest)
      return refuse(
        400,
        'api.error.api-version.unsupported',
        `Unsupported API Version "${version}". API Request: ${path}. Reason: Minimum supported version: ${OLDEST_VERSION}`,
      );
    if (!String(headers.accept).includes('application/json'))
      return refuse(415, 'api.error.response.format.unsupported', 'The sandbox answers application/json alone.');
    const isGet = method === 'GET';
    const isPost = method === 'POST';
    if (kind === 'job' && action === 'run')
      return isPost ? this.#run(id, Number(version), headers, text, refuse) : refuse(405, 'method.not.allowed', method);
    if (kind === 'execution' && action === '')
      return isGet ? this.#look(id, refuse) : refuse(405, 'method.not.allowed', method);
    // The guide names GET, the OpenAPI description POST; Rundeck takes both.
    if (kind === 'execution' && action === 'abort')
      return isGet || isPost ? this.#abort(id, refuse) : refuse(405, 'method.not.allowed', method);
    return refuse(404, 'api.error.invalid.request', `The sandbox has no ${path}.`);
  }

  #run(
    job: string,
    version: number,
    headers: IncomingMessage['headers'],
    text: string,
    refuse: (status: number, code: string, message: string) => Answer,
  ): Answer {
    const { jobs } = this.#options;
    const needed = jobs ? (Object.hasOwn(jobs, job) ? jobs[job] : undefined) : [];
    if (!UUID.test(job) || !needed) return refuse(404, 'api.error.item.doesnotexist', `Job ID does not exist: ${job}`);
    if (text !== '' && !String(headers['content-type']).startsWith('application/json'))
      return refuse(415, 'api.error.invalid.request', 'The sandbox reads application/json alone.');
    const options = readOptions(text, version);
    const missing = needed.filter((name) => !(options[name] ?? ''));
    if (missing.length > 0)
      return refuse(
        400,
        'api.error.job.options-invalid',
        `Job options were not valid: ${missing.map((name) => `Option '${name}' is required.`).join('\n')}`,
      );
    const running = this.#runs.find((run) => run.job === job && this.#statusOf(run) === 'running');
    if (running)
      return refuse(
        409,
        'api.error.execution.conflict',
        `Execution had a conflict: Job "${job}" is currently being executed (execution [${running.id}])`,
      );
    const { status, lastsMs } = this.#options.run({ job, options });
    const startedAtMs = this.#options.clock.now();
    const run = {
      id: this.#runs.length + 1,
      job,
      options,
      startedAtMs,
      endsAtMs: startedAtMs + lastsMs,
      endsAs: status,
    };
    this.#runs.push(run);
    return { status: 200, body: this.#describe(run) };
  }

  #look(id: string, refuse: (status: number, code: string, message: string) => Answer): Answer {
    const run = this.#runs.find((candidate) => String(candidate.id) === id);
    if (!run) return refuse(404, 'api.error.item.doesnotexist', `Execution ID does not exist: ${id}`);
    return { status: 200, body: this.#describe(run) };
  }

  #abort(id: string, refuse: (status: number, code: string, message: string) => Answer): Answer {
    const run = this.#runs.find((candidate) => String(candidate.id) === id);
    if (!run) return refuse(404, 'api.error.item.doesnotexist', `Execution ID does not exist: ${id}`);
    const before = this.#statusOf(run);
    const execution = { id, status: before };
    if (before !== 'running')
      return { status: 200, body: { abort: { status: 'failed', reason: 'Job is not running' }, execution } };
    run.abortedAtMs = this.#options.clock.now();
    return { status: 200, body: { abort: { status: 'pending' }, execution } };
  }

  #statusOf({ abortedAtMs, endsAtMs, endsAs }: RundeckRun): string {
    if (abortedAtMs !== undefined) return 'aborted';
    return this.#options.clock.now() < endsAtMs ? 'running' : endsAs;
  }

  #describe(run: RundeckRun): object {
    const { id, job, options, startedAtMs, endsAtMs, abortedAtMs } = run;
    const status = this.#statusOf(run);
    const endedAtMs = status === 'running' ? undefined : (abortedAtMs ?? endsAtMs);
    return {
      id,
      permalink: `https://rundeck.sandbox/project/ops/execution/show/${id}`,
      status,
      project: 'ops',
      user: 'handsoff',
      'date-started': dateOf(startedAtMs),
      ...(endedAtMs !== undefined && { 'date-ended': dateOf(endedAtMs) }),
      job: { id: job, name: job, group: '', project: 'ops', description: '', options },
      argstring: Object.entries(options)
        .map(([name, value]) => `-${name} ${value}`)
        .join(' '),
    };
  }
}

function dateOf(epochMs: number): object {
  return { unixtime: epochMs, date: new Date(epochMs).toISOString() };
}

/** The options of a run: a map from version 18 on, before that words of a line. */
function readOptions(text: string, version: number): Readonly<Record<string, string>> {
  const body: unknown = text === '' ? {} : JSON.parse(text);
  if (typeof body !== 'object' || body === null) return {};
  const options: unknown = 'options' in body ? body.options : undefined;
  if (version >= OPTIONS_AS_MAP_VERSION && typeof options === 'object' && options !== null)
    return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)]));
  return splitArguments('argString' in body && typeof body.argString === 'string' ? body.argString : '');
}
