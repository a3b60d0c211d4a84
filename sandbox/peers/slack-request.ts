import type { IncomingMessage } from 'node:http';
import { readBody } from '../loopback.ts';

/** One call of Slack's Web API. */
export interface SlackRequest {
  readonly method: string;
  /** The bearer token of the header, or of the form; empty without either. */
  readonly token: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const maxBodyBytes = 1024 * 1024;

/** Reads a call as Slack takes it: `POST /api/<method>` with a form or JSON. https://docs.slack.dev/apis/web-api */
export async function readSlackRequest(request: IncomingMessage): Promise<SlackRequest> {
  const body = await readBody(request);
  if (body.length > maxBodyBytes) throw new Error(`The body is larger than ${maxBodyBytes} bytes.`);
  const text = body.toString('utf8');
  const isJson = (request.headers['content-type'] ?? '').startsWith('application/json');
  const { token, ...args } = isJson ? jsonArgs(text) : Object.fromEntries(new URLSearchParams(text));
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const method = new URL(request.url ?? '/', 'http://slack').pathname.replace(/^\/(?:api\/)?/, '');
  return { method, token: bearer ?? (typeof token === 'string' ? token : ''), args: withParsedBlocks(args) };
}

/** A form carries blocks as JSON text; what is no JSON stays text and is refused as such. */
function withParsedBlocks(args: Record<string, unknown>): Record<string, unknown> {
  if (typeof args['blocks'] !== 'string') return args;
  try {
    return { ...args, blocks: JSON.parse(args['blocks']) };
  } catch {
    return args;
  }
}

function jsonArgs(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
