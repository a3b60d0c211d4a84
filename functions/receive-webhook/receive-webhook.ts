import { BusRefusedError } from '../adapters/event-bus.ts';
import type { Integration } from '../domain/integrations.ts';
import type { LimitedJson } from '../domain/json-limits.ts';
import { answerSubscription } from './answer-subscription.ts';
import { type Authentic, authenticate } from './authenticate.ts';
import { findIntegrations } from './find-integrations.ts';
import { routingKeyLength, showsRoutingKey } from './proof.ts';
import { putOnBus } from './put-on-bus.ts';
import { isReadableType, membersOf, readBody } from './read-body.ts';
import { readRequest, type WebhookRequest } from './read-request.ts';
import { type HttpAnswer, refusals, type Sender, senderOf, unavailable } from './senders.ts';
import { withoutSnsKeys } from './sns-message.ts';
import type { Admitted, WebhookPorts, WebhookReport, WebhookResult } from './webhook-ports.ts';

/**
 * Takes one request: found, authentic, read, and on the bus piece by piece. A 2xx is answered only after the last piece
 * is there. Never throws: what fails on our side is a status that makes the sender come back.
 */
export async function receiveWebhook(
  event: unknown,
  ports: WebhookPorts,
  report: WebhookReport,
  now: Date,
): Promise<HttpAnswer> {
  const request = readRequest(event);
  const { answer, ...line } = await takeOrFail(request, ports, report, now);
  report.count(`webhook-${line.outcome}`);
  report.logger.info('webhook', { audit: { ...line, status: answer.statusCode } });
  return answer;
}

async function takeOrFail(
  request: WebhookRequest,
  ports: WebhookPorts,
  { logger }: WebhookReport,
  now: Date,
): Promise<WebhookResult> {
  const address = findIntegrations(request.path, ports.integrations);
  if (!address) return { outcome: 'unknown-path', answer: refusals.unknownPath };
  const sender = senderOf(address.format);
  try {
    return await take(request, { ...address, sender }, ports, logger, now);
  } catch (error) {
    logger.error('The request could not be taken; its sender was asked to come back.', { path: request.path, error });
    const throttled = error instanceof BusRefusedError && error.throttled;
    return throttled
      ? { outcome: 'throttled', answer: sender.throttled }
      : { outcome: 'unavailable', answer: unavailable };
  }
}

async function take(
  request: WebhookRequest,
  { integrations, format, sender }: { integrations: readonly Integration[]; format: string; sender: Sender },
  ports: WebhookPorts,
  logger: WebhookReport['logger'],
  now: Date,
): Promise<WebhookResult> {
  const { body } = request;
  if (!sender.methods.includes(request.method))
    return { outcome: 'method-refused', answer: refusals.methodNotAllowed(sender.methods) };
  if (body === 'too-large') return { outcome: 'too-large', answer: refusals.tooLarge };
  if (!isReadableType(request)) return { outcome: 'type-refused', answer: refusals.unsupportedType };
  const isTooLarge = body.length > sender.maxBodyBytes;
  const json = once(() => readBody(request, body, sender.mayAlsoSend));
  const credentials = { request, body, members: () => membersOf(json()) };
  const authentic = await authenticate(integrations, credentials, ports, now);
  if (isTooLarge) return refuseTooLarge(authentic);
  if (!authentic) return refuse(request, integrations, json, sender);
  const read = { format, sender, json: json(), text: body.toString('utf8'), receivedAt: now };
  const admitted = admit(authentic, read);
  return { integration: admitted.integration, ...(await takeOnce(authentic, admitted, ports, logger, now)) };
}

/** What SNS sends around a message opens its subscription to whoever reads it, so it goes no further than this. */
function admit(
  { integration, secrets, sns }: Authentic,
  read: Pick<Admitted, 'format' | 'sender' | 'json' | 'text' | 'receivedAt'>,
): Admitted {
  const { id, mapping } = integration;
  const admitted = { ...read, integration: id, secrets, ...(mapping && { mapping }) };
  if (!sns) return admitted;
  const value = withoutSnsKeys(membersOf(read.json));
  return { ...admitted, json: { ok: true, value }, text: JSON.stringify(value) };
}

/** People hear of it when alerts are lost, not when a stranger sends a large body. */
function refuseTooLarge(authentic: Authentic | undefined): WebhookResult {
  const answer = refusals.tooLarge;
  return authentic
    ? { outcome: 'too-large', integration: authentic.integration.id, answer }
    : { outcome: 'unauthenticated', answer };
}

/** PagerDuty's own answer for what shows no key of the right form; a key that is merely wrong gets no hint. */
function refuse(
  request: WebhookRequest,
  [first]: readonly Integration[],
  json: () => LimitedJson,
  sender: Sender,
): WebhookResult {
  if (first?.auth.kind !== 'routing-key') return { outcome: 'unauthenticated', answer: refusals.unauthenticated };
  if (!json().ok) return { outcome: 'malformed', answer: sender.invalid(['The body is not JSON that can be read.']) };
  if (showsRoutingKey(request, membersOf(json())))
    return { outcome: 'unauthenticated', answer: refusals.unauthenticated };
  const error = `Length of 'routing_key' is incorrect (should be ${routingKeyLength} characters)`;
  return { outcome: 'malformed', answer: sender.invalid([error]) };
}

/** A request that was taken before changes nothing, and its sender may stop. */
async function takeOnce(
  { replayId, sns }: Authentic,
  admitted: Admitted,
  ports: WebhookPorts,
  logger: WebhookReport['logger'],
  now: Date,
): Promise<WebhookResult> {
  if (replayId && (await wasTaken(replayId, ports, logger)))
    return { outcome: 'replayed', answer: admitted.sender.accepted(undefined) };
  const result =
    sns && sns.type !== 'Notification'
      ? await answerSubscription(sns, admitted, ports)
      : await putOnBus(admitted, ports);
  if (replayId) await markTaken(replayId, ports, logger, now);
  return result;
}

/** Fails open: a replay only says again what was said, and triage tells nobody twice. */
async function wasTaken(id: string, { taken }: WebhookPorts, logger: WebhookReport['logger']): Promise<boolean> {
  try {
    return await taken.has(id);
  } catch (error) {
    logger.error('Whether a request is a replay is not known; it is taken.', { error });
    return false;
  }
}

/** What is on the bus is accepted, whether or not a replay of it will be noticed. */
async function markTaken(
  id: string,
  { taken }: WebhookPorts,
  logger: WebhookReport['logger'],
  now: Date,
): Promise<void> {
  try {
    await taken.takeOnce(id, now);
  } catch (error) {
    logger.error('A replay of this request will not be noticed.', { error });
  }
}

function once<T>(make: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => (kept ??= { value: make() }).value;
}
