import type { BlockFault } from './slack-blocks.ts';

/** An answer as Slack gives it over HTTP: nearly always 200, with `ok` saying how it went. */
export interface SlackAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export function accepted(body: Record<string, unknown>): SlackAnswer {
  return { status: 200, body: { ok: true, ...body } };
}

export function refused(error: string, messages: readonly string[] = []): SlackAnswer {
  const metadata = messages.length > 0 ? { response_metadata: { messages } } : {};
  return { status: 200, body: { ok: false, error, ...metadata } };
}

export function refusedBlocks(faults: readonly BlockFault[]): SlackAnswer {
  return refused(
    'invalid_blocks',
    faults.map(({ message, pointer }) => `[ERROR] ${message} [json-pointer:${pointer}]`),
  );
}

/** https://docs.slack.dev/apis/web-api/rate-limits */
export function rateLimited(retryAfterSeconds: number): SlackAnswer {
  return {
    status: 429,
    headers: { 'retry-after': String(retryAfterSeconds) },
    body: { ok: false, error: 'ratelimited' },
  };
}
