import { LogLevel, WebClient } from '@slack/web-api';
import type { SlackText } from '../domain/telling/render-slack.ts';
import { readOptional } from '../domain/fields.ts';
import { SlackRefusedError, slackErrorOf } from './slack-errors.ts';
import type { SlackSecretReader } from './slack-secret.ts';

/** Where a message stands. */
export interface SlackPlace {
  /** The channel's id. */
  readonly channel: string;
  /** The message's timestamp, which is its id within the channel. */
  readonly ts: string;
}

/** Hears why a message stands there in short, where Slack refused the form that it should have had. */
export type OnShortened = (why: string) => void;

/** One call ends within about 7 seconds whatever Slack does, so that a function of 30 seconds can still report it. */
const requestTimeoutMs = 3000;
const retryConfig = { retries: 1, minTimeout: 250, maxTimeout: 500 };

/** The token may have been rotated: it is read afresh once. */
const tokenErrors = new Set(['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive']);

/** The message's form is at fault, not its words. */
const formErrors = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long']);

type Arguments = Readonly<Record<string, unknown>> & { readonly channel: string };

/**
 * Slack's Web API, as far as telling needs it. Throws SlackUnavailableError where another try may help and
 * SlackRefusedError where it will not.
 */
export class Slack {
  readonly #secrets: Pick<SlackSecretReader, 'read'>;
  readonly #apiUrl: string;
  #client: { readonly token: string; readonly web: WebClient } | undefined;

  /** `apiUrl` is `https://slack.com/api/`, or where a proxy or a rehearsal listens. */
  constructor(secrets: Pick<SlackSecretReader, 'read'>, apiUrl: string) {
    this.#secrets = secrets;
    this.#apiUrl = apiUrl;
  }

  /** Whether a bot token is stored; without one nobody is told by chat, and that is no error. */
  async isConfigured(): Promise<boolean> {
    return (await this.#secrets.read()).botToken !== '';
  }

  /** Posts the one message of an incident. */
  async postRoot(channel: string, text: SlackText, onShortened?: OnShortened): Promise<SlackPlace> {
    return this.#post('chat.postMessage', { channel, ...quiet }, text, onShortened);
  }

  /** Edits it in place. */
  async updateRoot({ channel, ts }: SlackPlace, text: SlackText, onShortened?: OnShortened): Promise<SlackPlace> {
    return this.#post('chat.update', { channel, ts, parse: 'none', link_names: false }, text, onShortened);
  }

  /** Posts a line into its thread. */
  async postThread({ channel, ts }: SlackPlace, text: SlackText, onShortened?: OnShortened): Promise<SlackPlace> {
    return this.#post('chat.postMessage', { channel, thread_ts: ts, ...quiet }, text, onShortened);
  }

  /** Shows one person a sentence that nobody else sees. */
  async postEphemeral(channel: string, user: string, text: string): Promise<void> {
    await this.#call('chat.postEphemeral', { channel, user, text, parse: 'none', link_names: false });
  }

  /** A message whose form Slack refuses is better told in short than not at all: with its buttons where Slack takes these. */
  async #post(
    method: string,
    args: Arguments,
    { text, blocks, inShort }: SlackText,
    onShortened?: OnShortened,
  ): Promise<SlackPlace> {
    try {
      return await this.#call(method, { ...args, text, blocks });
    } catch (error) {
      if (!isOfForm(error)) throw error;
      const place = await this.#postInShort(method, { ...args, text }, inShort);
      onShortened?.(error.message);
      return place;
    }
  }

  async #postInShort(method: string, args: Arguments, blocks: SlackText['inShort']): Promise<SlackPlace> {
    try {
      return await this.#call(method, { ...args, blocks });
    } catch (error) {
      if (!isOfForm(error)) throw error;
      return this.#call(method, { ...args, blocks: [] });
    }
  }

  async #call(method: string, args: Arguments): Promise<SlackPlace> {
    try {
      return await this.#send(method, args, (await this.#secrets.read()).botToken);
    } catch (error) {
      if (!(error instanceof SlackRefusedError && tokenErrors.has(error.code))) throw error;
      return this.#send(method, args, (await this.#secrets.read(0)).botToken);
    }
  }

  async #send(method: string, args: Arguments, token: string): Promise<SlackPlace> {
    if (token === '') throw new SlackRefusedError(method, 'not_authed');
    try {
      const answer: unknown = await this.#clientFor(token).apiCall(method, { ...args });
      return { channel: readOptional(answer, 'channel') ?? args.channel, ts: readOptional(answer, 'ts') ?? '' };
    } catch (error) {
      throw slackErrorOf(method, error);
    }
  }

  #clientFor(token: string): WebClient {
    if (this.#client?.token === token) return this.#client.web;
    const web = new WebClient(token, {
      slackApiUrl: this.#apiUrl,
      retryConfig,
      timeout: requestTimeoutMs,
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      logLevel: LogLevel.ERROR,
    });
    this.#client = { token, web };
    return web;
  }
}

function isOfForm(error: unknown): error is SlackRefusedError {
  return error instanceof SlackRefusedError && formErrors.has(error.code);
}

/** Nothing in outside text becomes a link, a mention or a preview. */
const quiet = { mrkdwn: false, parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false };
