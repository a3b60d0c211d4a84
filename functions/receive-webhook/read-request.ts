import { bodyOf, headerOf } from '../adapters/http-request.ts';
import { readOptional } from '../domain/fields.ts';

/** One request as an HTTP API hands it over (payload format 2.0). */
export interface WebhookRequest {
  readonly method: string;
  readonly path: string;
  /** The value of a header, by its name in lower case. Undefined when it is absent or comes under two spellings. */
  readonly header: (name: string) => string | undefined;
  /** The bytes that were sent; `too-large` above what Lambda takes. */
  readonly body: Buffer | 'too-large';
}

/** A request of more never comes here: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const maxRequestBytes = 6 * 1024 * 1024;

/** Reads an HTTP API's event. What it lacks is empty, so that a broken event finds no integration. */
export function readRequest(event: unknown): WebhookRequest {
  return {
    method: readOptional(event, 'requestContext.http.method')?.toUpperCase() ?? '',
    path: readOptional(event, 'rawPath') ?? '',
    header: (name) => headerOf(event, name),
    body: bodyOf(event, maxRequestBytes),
  };
}
