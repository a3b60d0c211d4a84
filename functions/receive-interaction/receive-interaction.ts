import type { ReplayLog } from '../adapters/replay-log.ts';
import type { Slack } from '../adapters/slack.ts';
import type { SlackSecretReader } from '../adapters/slack-secret.ts';
import { answerClick, type ClickIncidents, refusalSentences } from './answer-click.ts';
import { type Click, readClick } from './read-click.ts';
import { isRecent, isSignedWith, readSignedRequest, type SignedRequest } from './signed-request.ts';

export interface InteractionPorts {
  readonly secrets: Pick<SlackSecretReader, 'read'>;
  readonly replays: Pick<ReplayLog, 'takeOnce'>;
  readonly incidents: ClickIncidents;
  readonly slack: Pick<Slack, 'postEphemeral'>;
}

/** Where the audit lines go; the function's logger and metrics. */
export interface InteractionReport {
  readonly logger: Record<'info' | 'error', (message: string, extra: Record<string, unknown>) => void>;
  readonly count: (metric: string) => void;
}

/** An answer of payload format 2.0. Refusals have no body: it would tell an attacker what to change. */
export interface HttpAnswer {
  readonly statusCode: 200 | 401;
  readonly body: '';
}

/** A rotated signing secret is looked for when a signature does not fit, but not more often than this. */
const secretRetryAgeSeconds = 30;

/**
 * Takes one click from Slack: authentic, recent, once. Whatever fails on the way throws and is answered with 500, so
 * that Slack shows the person that nothing happened.
 */
export async function receiveInteraction(
  event: unknown,
  ports: InteractionPorts,
  report: InteractionReport,
  now: Date,
): Promise<HttpAnswer> {
  const request = readSignedRequest(event);
  if (!request || !(await isAuthentic(request, ports, now))) {
    audit(report, { outcome: 'unauthenticated' });
    return { statusCode: 401, body: '' };
  }
  if (await ports.replays.takeOnce(request.signature, now))
    await takeClick(readClick(request.body), ports, report, now);
  else audit(report, { outcome: 'replayed' });
  return { statusCode: 200, body: '' };
}

async function isAuthentic(request: SignedRequest, { secrets }: InteractionPorts, now: Date): Promise<boolean> {
  if (!isRecent(request.timestamp, now)) return false;
  if (isSignedWith((await secrets.read()).signingSecret, request, now)) return true;
  return isSignedWith((await secrets.read(secretRetryAgeSeconds)).signingSecret, request, now);
}

async function takeClick(
  click: Click | undefined,
  ports: InteractionPorts,
  report: InteractionReport,
  now: Date,
): Promise<void> {
  if (!click) return audit(report, { outcome: 'ignored' });
  const answer = await answerClick(click, ports.incidents, now);
  const { action, value, userId } = click;
  audit(report, { action, value, user: userId, ...answer });
  if (answer.outcome === 'refused') await explain(click, refusalSentences[answer.reason], ports, report);
}

/** Best effort: the refusal stands whether or not the person hears why. */
async function explain(
  { channel, userId }: Click,
  sentence: string,
  { slack }: InteractionPorts,
  report: InteractionReport,
): Promise<void> {
  if (channel === '') return;
  try {
    await slack.postEphemeral(channel, userId, sentence);
  } catch (error) {
    report.logger.error('The person who clicked could not be told why it was refused.', { user: userId, error });
  }
}

function audit(
  { logger, count }: InteractionReport,
  line: { readonly outcome: string } & Record<string, unknown>,
): void {
  count(`interaction-${line.outcome}`);
  logger.info('interaction', { audit: line });
}
