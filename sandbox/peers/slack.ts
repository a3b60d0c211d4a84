import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoopbackServer } from '../loopback.ts';
import { UnsupportedInSandboxError } from '../aws.ts';
import { accepted, rateLimited, refused, refusedBlocks, type SlackAnswer } from './slack-answer.ts';
import { blockFaults, isTooLong } from './slack-blocks.ts';
import { readSlackRequest, type SlackRequest } from './slack-request.ts';

/** A message as it stands in a channel. */
export interface SlackMessage {
  readonly channel: string;
  /** Its id within the channel: epoch seconds and six digits. */
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly unknown[];
  /** The message whose thread it stands in. */
  readonly threadTs?: string;
  /** Only this user sees it. */
  readonly user?: string;
  readonly edits: number;
  /** What it said before each edit, oldest first. */
  readonly history: readonly { readonly text: string; readonly blocks: readonly unknown[] }[];
}

/** One call that reached Slack, without its token. */
export interface SlackCall {
  readonly method: string;
  readonly atMs: number;
  readonly args: Readonly<Record<string, unknown>>;
  /** `ok`, or Slack's error. */
  readonly outcome: string;
}

/** How a call is made to fail before Slack looks at it. */
export type SlackFailure =
  | { readonly error: string }
  | { readonly status: number }
  | { readonly retryAfterSeconds: number }
  | { readonly hangUp: true };

export interface FakeSlackOptions {
  /** Where its time comes from. @default - the machine's clock */
  readonly clock?: { now(): number };
  /** Messages that a channel takes a second; Slack's own limit is 1. @default - no limit */
  readonly rateLimitPerSecond?: number;
  /** The tokens it takes. @default - any that starts with `xoxb-` */
  readonly tokens?: readonly string[];
  /** The channels there are, by id. @default - any well-formed id */
  readonly channels?: readonly string[];
}

/** https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
const maxTextLength = 40_000;

/** A Slack on loopback that takes and refuses messages as Slack does. Methods it does not have refuse, naming themselves. */
export class FakeSlack {
  readonly #options: FakeSlackOptions;
  readonly #clock: { now(): number };
  readonly #handlers: Readonly<Record<string, (args: SlackRequest['args']) => SlackAnswer>>;
  readonly #posts = new Map<string, number[]>();
  #failures: { readonly method: string; readonly failure: SlackFailure }[] = [];
  #messages: SlackMessage[] = [];
  #calls: SlackCall[] = [];
  #faults: Error[] = [];
  #lastMicros = 0;
  readonly #server = new LoopbackServer((request, response) => this.#serve(request, response));

  constructor(options: FakeSlackOptions = {}) {
    this.#options = options;
    this.#clock = options.clock ?? { now: () => Date.now() };
    this.#handlers = {
      'auth.test': () =>
        accepted({
          url: 'https://sandbox.slack.com/',
          team: 'Sandbox',
          user: 'handsoff',
          team_id: 'T0SANDBOX',
          user_id: 'U0BOT',
          bot_id: 'B0BOT',
        }),
      'chat.postMessage': (args) => this.#post(args),
      'chat.update': (args) => this.#update(args),
      'chat.postEphemeral': (args) => this.#postEphemeral(args),
    };
  }

  /** Starts to listen on loopback and gives the URL that takes the place of `https://slack.com/api/`. */
  async listen(): Promise<{ readonly url: string }> {
    return { url: `${await this.#server.listen()}/api/` };
  }

  /** Stops listening and ends open connections. */
  close(): Promise<void> {
    return this.#server.close();
  }

  /** Every message that stands in a channel or thread, oldest first, and those that only one user sees. */
  messages(): readonly SlackMessage[] {
    return this.#messages;
  }

  /** Forgets every message and call so far. */
  forget(): void {
    this.#messages = [];
    this.#calls = [];
  }

  /** Every call that arrived, in order. */
  calls(): readonly SlackCall[] {
    return this.#calls;
  }

  /** What was asked that the sandbox does not have. */
  faults(): readonly Error[] {
    return this.#faults;
  }

  /**
   * Makes the next `times` calls of a method fail, after those planned before; `*` stands for any method, a text for
   * Slack's error of that name. 0 times takes back what was planned for the method.
   */
  failNext(method: string, failure: SlackFailure | string, times = 1): void {
    const planned = { method, failure: typeof failure === 'string' ? { error: failure } : failure };
    if (times === 0) this.#failures = this.#failures.filter((one) => one.method !== method);
    else this.#failures.push(...Array.from({ length: times }, () => planned));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#answer(await readSlackRequest(request), response);
    } catch (error) {
      send(response, refused('invalid_form_data', [String(error)]));
    }
  }

  #answer(call: SlackRequest, response: ServerResponse): void {
    const failure = this.#takeFailure(call.method);
    const hangsUp = failure !== undefined && 'hangUp' in failure;
    const answer = failure ? answerOfFailure(failure) : this.#decide(call);
    const outcome = answer.body['ok'] === true ? 'ok' : String(answer.body['error']);
    this.#calls.push({ method: call.method, atMs: this.#clock.now(), args: call.args, outcome });
    if (hangsUp) response.destroy();
    else send(response, answer);
  }

  #takeFailure(method: string): SlackFailure | undefined {
    const index = this.#failures.findIndex((planned) => planned.method === method || planned.method === '*');
    return index < 0 ? undefined : this.#failures.splice(index, 1)[0]?.failure;
  }

  #decide({ method, token, args }: SlackRequest): SlackAnswer {
    if (token === '') return refused('not_authed');
    const isKnown = this.#options.tokens ? this.#options.tokens.includes(token) : token.startsWith('xoxb-');
    if (!isKnown) return refused('invalid_auth');
    try {
      const handler = Object.hasOwn(this.#handlers, method) ? this.#handlers[method] : undefined;
      if (!handler) throw new UnsupportedInSandboxError(`Slack's method ${method}`);
      return handler(args);
    } catch (error) {
      if (!(error instanceof UnsupportedInSandboxError)) throw error;
      this.#faults.push(error);
      return refused('unsupported_in_sandbox', [`[ERROR] ${error.message}`]);
    }
  }

  #post(args: SlackRequest['args']): SlackAnswer {
    const wrong = this.#channelFault(args) ?? contentFault(args);
    if (wrong) return wrong;
    const channel = String(args['channel']);
    const threadTs = textOf(args, 'thread_ts');
    if (threadTs !== '' && !this.#find(channel, threadTs)) return refused('cannot_reply_to_message');
    const waitSeconds = this.#takeTurn(channel);
    if (waitSeconds > 0) return rateLimited(waitSeconds);
    const message = this.#add(args, threadTs === '' ? {} : { threadTs });
    return accepted({
      channel,
      ts: message.ts,
      message: { type: 'message', text: message.text, ts: message.ts, bot_id: 'B0BOT' },
    });
  }

  #update(args: SlackRequest['args']): SlackAnswer {
    const wrong = this.#channelFault(args) ?? contentFault(args);
    if (wrong) return wrong;
    const channel = String(args['channel']);
    const ts = textOf(args, 'ts');
    const before = this.#find(channel, ts);
    if (!before) return refused('message_not_found');
    const { text, blocks } = before;
    // An edit without blocks keeps the ones there are; an empty list takes them away.
    const after = {
      ...before,
      ...contentOf({ blocks, ...args }),
      edits: before.edits + 1,
      history: [...before.history, { text, blocks }],
    };
    this.#messages = this.#messages.map((message) => (message === before ? after : message));
    return accepted({ channel, ts, text: after.text });
  }

  #postEphemeral(args: SlackRequest['args']): SlackAnswer {
    const wrong = this.#channelFault(args) ?? contentFault(args);
    if (wrong) return wrong;
    const user = textOf(args, 'user');
    if (user === '') return refused('invalid_arguments', ['[ERROR] missing required field: user']);
    return accepted({ message_ts: this.#add(args, { user }).ts });
  }

  #add(args: SlackRequest['args'], place: { readonly threadTs?: string; readonly user?: string }): SlackMessage {
    const message = {
      channel: String(args['channel']),
      ts: this.#nextTs(),
      ...contentOf(args),
      ...place,
      edits: 0,
      history: [],
    };
    this.#messages.push(message);
    return message;
  }

  #channelFault(args: SlackRequest['args']): SlackAnswer | undefined {
    const channel = textOf(args, 'channel');
    const { channels } = this.#options;
    const isKnown = channels ? channels.includes(channel) : /^[CDG][A-Z0-9]{2,}$/.test(channel);
    return isKnown ? undefined : refused('channel_not_found');
  }

  #find(channel: string, ts: string): SlackMessage | undefined {
    return this.#messages.find(
      (message) => message.channel === channel && message.ts === ts && message.user === undefined,
    );
  }

  /** Whole seconds until the channel takes another message; 0 takes one now. */
  #takeTurn(channel: string): number {
    const { rateLimitPerSecond } = this.#options;
    if (rateLimitPerSecond === undefined) return 0;
    const now = this.#clock.now();
    const recent = (this.#posts.get(channel) ?? []).filter((at) => now - at < 1000);
    if (recent.length >= rateLimitPerSecond) return 1;
    this.#posts.set(channel, [...recent, now]);
    return 0;
  }

  #nextTs(): string {
    this.#lastMicros = Math.max(this.#clock.now() * 1000, this.#lastMicros + 1);
    return `${Math.floor(this.#lastMicros / 1_000_000)}.${String(this.#lastMicros % 1_000_000).padStart(6, '0')}`;
  }
}

function contentFault(args: SlackRequest['args']): SlackAnswer | undefined {
  const { blocks } = args;
  const text = textOf(args, 'text');
  if (args['attachments'] !== undefined) throw new UnsupportedInSandboxError("Slack's attachments");
  if (text.length > maxTextLength) return refused('msg_too_long');
  if (typeof blocks === 'string') return refused('invalid_blocks_format');
  if (blocks === undefined) return text === '' ? refused('no_text') : undefined;
  const faults = blockFaults(blocks);
  if (faults.length > 0) return refusedBlocks(faults);
  if (isTooLong(blocks)) return refused('msg_blocks_too_long');
  return text === '' && Array.isArray(blocks) && blocks.length === 0 ? refused('no_text') : undefined;
}

function contentOf(args: SlackRequest['args']): { text: string; blocks: readonly unknown[] } {
  return { text: textOf(args, 'text'), blocks: Array.isArray(args['blocks']) ? args['blocks'] : [] };
}

function textOf(args: SlackRequest['args'], name: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : '';
}

function answerOfFailure(failure: SlackFailure): SlackAnswer {
  if ('error' in failure) return refused(failure.error);
  if ('retryAfterSeconds' in failure) return rateLimited(failure.retryAfterSeconds);
  if ('hangUp' in failure) return { status: 503, body: { ok: false, error: 'hung_up' } };
  return { status: failure.status, body: { ok: false, error: `http_${failure.status}` } };
}

function send(response: ServerResponse, { status, headers, body }: SlackAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}
