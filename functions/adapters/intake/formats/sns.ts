import type { Alert } from '../../../domain/alert.ts';
import { type Fields, isRecord, read, readOptional } from '../../../domain/fields.ts';
import { dedupKeyOf } from '../../../domain/identity.ts';
import { readLimitedJson } from '../../../domain/json-limits.ts';
import type { FieldError, Normalised } from '../../../domain/normalised.ts';
import { isCloudWatchSns, normaliseCloudWatchSns } from '../cloudwatch-sns.ts';
import { readTime } from '../event-time.ts';
import { actionNamed, severityNamed } from '../sender-words.ts';
import { webhookAlert } from '../webhook-alert.ts';
import { formatOfOne, type Receipt } from '../webhook-format.ts';

/**
 * A notification that SNS delivers over HTTPS. A CloudWatch alarm in it is read as such; any other message is an alert by
 * its own id, unless its attributes `dedup_key`, `event_action` and `severity` say more. Without `severity` it is an error.
 * https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html
 */
export const snsFormat = formatOfOne('sns', errorsOf, normalise);

/** SubscriptionConfirmation and UnsubscribeConfirmation are no alerts. */
function errorsOf(body: Fields): readonly FieldError[] {
  const errors: FieldError[] = [];
  const type = read(body, 'Type', errors);
  if (type && type !== 'Notification') errors.push({ path: 'Type', message: `is ${type}; expected Notification` });
  for (const name of ['MessageId', 'TopicArn', 'Message']) read(body, name, errors);
  return errors;
}

function normalise(piece: Fields, receipt: Receipt): Normalised {
  const message = parseMessage(readOptional(piece, 'Message') ?? '');
  return message && isCloudWatchSns(message) ? alarmOf(message, receipt) : textAlertOf(piece, message, receipt);
}

/** Whoever may publish to the topic can write such a message, so it never stands for what CloudWatch says itself. */
function alarmOf(message: Fields, receipt: Receipt): Normalised {
  const normalised = normaliseCloudWatchSns(message, new Date(receipt.received_at));
  if (normalised.kind === 'poison')
    return { ...normalised, errors: normalised.errors.map((error) => ({ ...error, path: `Message.${error.path}` })) };
  if (normalised.kind !== 'alert') return normalised;
  const { alert } = normalised;
  return { kind: 'alert', alert: { ...alert, ...keysOf(alert, receipt), origin: originOf(alert, receipt) } };
}

function keysOf({ dedup_key, incident_key }: Alert, { integration }: Receipt) {
  return {
    dedup_key: dedupKeyOf(['sns', integration, dedup_key]),
    incident_key: dedupKeyOf(['sns', integration, incident_key]),
  };
}

function originOf({ origin }: Alert, receipt: Receipt): Alert['origin'] {
  return {
    ...origin,
    format: 'sns',
    event_id: receipt.event_id,
    sent_by: receipt.integration,
    received_at: receipt.received_at,
  };
}

function textAlertOf(piece: Fields, message: Fields | undefined, receipt: Receipt): Normalised {
  const text = readOptional(piece, 'Message') ?? '';
  const topic = readOptional(piece, 'TopicArn') ?? '';
  const attribute = (name: string) => readOptional(piece, `MessageAttributes.${name}.Value`);
  return webhookAlert(
    {
      format: 'sns',
      action: actionNamed(attribute('event_action')) ?? 'trigger',
      key: [topic, attribute('dedup_key') ?? readOptional(piece, 'MessageId') ?? receipt.event_id],
      summary: readOptional(piece, 'Subject') ?? text,
      source: topic,
      severity: severityNamed(attribute('severity')) ?? 'error',
      at: readTime(piece['Timestamp']),
      component: topic.split(':').at(-1),
      details: { message: message ?? text, message_id: piece['MessageId'] },
    },
    receipt,
  );
}

/** The message is JSON within JSON: the limits of the body did not see it. */
function parseMessage(text: string): Fields | undefined {
  const json = readLimitedJson(Buffer.from(text));
  return json.ok && isRecord(json.value) ? json.value : undefined;
}
