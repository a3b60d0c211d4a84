import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { readOptional } from '../domain/fields.ts';
import { AddressRefusedError, checkedLookup, type Reach, refuseUrl } from './outbound-address.ts';
import { RundeckAnswerError, RundeckRefusedError, RundeckUnreachableError } from './rundeck-errors.ts';
import type { RundeckTokenReader } from './rundeck-token.ts';

/** One run of a job. */
export interface RundeckExecution {
  readonly id: string;
  /** The UUID of its job; empty for one that no job made. */
  readonly job: string;
  /** `running`, `succeeded`, `failed`, `aborted`, …: https://docs.rundeck.com/docs/api/#execution-info */
  readonly status: string;
  /** Where a person reads it; empty when Rundeck does not say. */
  readonly permalink: string;
}

/** Where Rundeck is, and how far a call may go. */
export interface RundeckPlace {
  readonly url: string;
  readonly apiVersion: number;
  readonly reach: Reach;
  /** One call ends within so many milliseconds, whatever Rundeck does. @default 10000 */
  readonly timeoutMs?: number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** An execution has a few KB. */
const maxAnswerBytes = 256 * 1024;

/**
 * Rundeck's API, version 14 and later, as far as running a job needs it: https://docs.rundeck.com/docs/api/
 * It follows no redirect, and connects to the very address that it has checked.
 */
export class Rundeck {
  readonly #tokens: Pick<RundeckTokenReader, 'read'>;
  readonly #place: RundeckPlace;

  constructor(tokens: Pick<RundeckTokenReader, 'read'>, place: RundeckPlace) {
    this.#tokens = tokens;
    this.#place = place;
  }

  /** Starts a job. It is never asked twice: a second start would be a second run. */
  async run(job: string, body: Readonly<Record<string, unknown>>): Promise<RundeckExecution> {
    return readExecution(
      'run a job',
      await this.#call('run a job', 'POST', `job/${encodeURIComponent(job)}/run`, body),
    );
  }

  async execution(id: string): Promise<RundeckExecution> {
    return readExecution('read an execution', await this.#call('read an execution', 'GET', `execution/${id}`));
  }

  /** Asks that an execution ends. Answers `pending`, `aborted` or `failed`. */
  async abort(id: string): Promise<string> {
    const answer = await this.#call('abort an execution', 'POST', `execution/${id}/abort`);
    const status = readOptional(answer, 'abort.status');
    if (status === undefined) throw new RundeckAnswerError('abort an execution', 'does not say what became of it');
    return status;
  }

  async #call(what: string, method: string, path: string, body?: object): Promise<unknown> {
    const first = await this.#send(what, method, path, await this.#tokens.read(), body);
    // The token may have been rotated: refused, nothing was done, so that it can be read afresh and asked once more.
    const answer = isUnauthorized(first)
      ? await this.#send(what, method, path, await this.#tokens.read(0), body)
      : first;
    if (answer.status >= 500 || answer.status === 429) throw new RundeckUnreachableError(what, `HTTP ${answer.status}`);
    if (answer.status >= 300 && answer.status < 400)
      throw new RundeckAnswerError(what, `is a redirect (HTTP ${answer.status}), which is not followed`);
    const value = readJson(what, answer);
    if (answer.status < 300) return value;
    const code = readOptional(value, 'errorCode') ?? `HTTP ${answer.status}`;
    throw new RundeckRefusedError(what, code, readOptional(value, 'message') ?? '');
  }

  async #send(what: string, method: string, path: string, token: string, body?: object): Promise<Answer> {
    const { url, apiVersion, reach, timeoutMs = 10_000 } = this.#place;
    const target = new URL(`${url.replace(/\/$/, '')}/api/${apiVersion}/${path}`);
    refuseUrl(target, reach);
    try {
      return await send(target, { method, token, reach, timeoutMs, ...(body && { body: JSON.stringify(body) }) });
    } catch (error) {
      if (error instanceof AddressRefusedError) throw error;
      throw new RundeckUnreachableError(what, error instanceof Error ? error.message : 'unknown');
    }
  }
}

interface Sending {
  readonly method: string;
  readonly token: string;
  readonly reach: Reach;
  readonly timeoutMs: number;
  readonly body?: string;
}

function send(target: URL, { method, token, reach, timeoutMs, body }: Sending): Promise<Answer> {
  const request = target.protocol === 'http:' ? requestHttp : requestHttps;
  const headers = {
    accept: 'application/json',
    'x-rundeck-auth-token': token,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const outgoing = request(target, { method, headers, signal, lookup: checkedLookup(reach) }, (incoming) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      incoming.on('data', (piece: Buffer) => {
        bytes += piece.length;
        pieces.push(piece);
        if (bytes > maxAnswerBytes) outgoing.destroy(new Error(`more than ${maxAnswerBytes} bytes`));
      });
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8') }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Rundeck says 403 for a token that it does not know, and for a user who may not: only the former is worth another look. */
function isUnauthorized({ status, text }: Answer): boolean {
  return status === 401 || (status === 403 && text.includes('"unauthorized"'));
}

function readJson(what: string, { status, text }: Answer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RundeckAnswerError(what, `is no JSON (HTTP ${status})`);
  }
}

function readExecution(what: string, value: unknown): RundeckExecution {
  const id = idOf(value);
  const status = readOptional(value, 'status');
  if (id === undefined || status === undefined) throw new RundeckAnswerError(what, 'has no execution in it');
  return { id, status, job: readOptional(value, 'job.id') ?? '', permalink: readOptional(value, 'permalink') ?? '' };
}

function idOf(value: unknown): string | undefined {
  const id: unknown = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  const text = typeof id === 'number' ? String(id) : id;
  return typeof text === 'string' && /^\d{1,19}$/.test(text) ? text : undefined;
}
