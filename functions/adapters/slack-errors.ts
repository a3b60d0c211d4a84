import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';

/** Slack could not take it now: too many messages, or it could not be reached. Worth another try. */
export class SlackUnavailableError extends Error {
  override readonly name = 'SlackUnavailableError' as const;

  constructor(method: string, why: string) {
    super(`Slack did not take ${method} now (${why}); it is tried again.`);
  }
}

/** Slack will not take it however often it is asked: the token, the channel or the message is wrong. */
export class SlackRefusedError extends Error {
  override readonly name = 'SlackRefusedError' as const;
  /** Slack's own word, such as `channel_not_found`: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
  readonly code: string;

  constructor(method: string, code: string) {
    super(`Slack refused ${method}: ${code}. ${advice[code] ?? 'See the errors of this method in Slack’s reference.'}`);
    this.code = code;
  }
}

const advice: Readonly<Record<string, string>> = {
  channel_not_found: 'Check the id in config/channels.yaml.',
  not_in_channel: 'Invite the app to the channel.',
  is_archived: 'The channel is archived; name another one in config/channels.yaml.',
  invalid_auth: 'Store a valid bot token in the secret.',
  missing_scope: 'Give the app the scope chat:write and install it again.',
};

/** Slack's words for trouble of its own, which passes. */
const passing = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

/** The error as ours, without the request: that would carry the token and the text into logs. */
export function slackErrorOf(method: string, error: unknown): Error {
  if (error instanceof WebAPIRateLimitedError)
    return new SlackUnavailableError(method, `rate limited for ${error.retryAfter} seconds`);
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    return passing.has(code) ? new SlackUnavailableError(method, code) : new SlackRefusedError(method, code);
  }
  if (error instanceof WebAPIHTTPError) return new SlackUnavailableError(method, `HTTP ${error.statusCode}`);
  return new SlackUnavailableError(method, error instanceof Error ? error.message : 'unknown');
}
