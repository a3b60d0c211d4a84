import type { EventAction } from '../../../domain/alert.ts';
import { type Fields, isRecord, read, readOptional, recordAt } from '../../../domain/fields.ts';
import type { FieldError, Normalised } from '../../../domain/normalised.ts';
import { isTime, readTime } from '../event-time.ts';
import { actionNamed, severityNamed } from '../sender-words.ts';
import { webhookAlert } from '../webhook-alert.ts';
import { formatOfOne, type Receipt, type WebhookFormat } from '../webhook-format.ts';

/** Where an event may say something of the alert, in its attributes first and then in its data. */
const actionNames = ['event_action', 'eventaction', 'action', 'status', 'state'];
const severityNames = ['severity', 'priority', 'level'];
const summaryNames = ['summary', 'title', 'message', 'description'];

const ofOne = formatOfOne('cloudevents', errorsOf, alertOf);

/**
 * CloudEvents 1.0 as JSON, one or a batch. An alert is told by the event's source and subject, or by source and type
 * where there is no subject. The attribute or the data's `event_action`, `status` or `state`, else the last word of the
 * type, says what happened: `com.example.disk.cleared` resolves. Without `severity` it is an error.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export const cloudeventsFormat: WebhookFormat = {
  ...ofOne,
  // What of a batch is no object becomes poison by itself.
  split: (body) =>
    Array.isArray(body)
      ? { kind: 'pieces', pieces: body.map((event: unknown) => (isRecord(event) ? event : { data: event })) }
      : ofOne.split(body),
};

function errorsOf(event: Fields): readonly FieldError[] {
  const errors: FieldError[] = [];
  const version = read(event, 'specversion', errors);
  if (version && !/^1\.\d+$/.test(version))
    errors.push({ path: 'specversion', message: `is ${version}; expected 1.0` });
  for (const name of ['id', 'source', 'type']) read(event, name, errors);
  const time = event['time'] ?? undefined;
  if (time !== undefined && (typeof time !== 'string' || !isTime(time)))
    errors.push({ path: 'time', message: 'is not a time' });
  return errors;
}

function alertOf(event: Fields, receipt: Receipt): Normalised {
  const data = recordAt(event, 'data');
  const [source = '', type = '', subject] = ['source', 'type', 'subject'].map((name) => readOptional(event, name));
  const first = (names: readonly string[]) =>
    [event, data].flatMap((from) => names.map((name) => readOptional(from, name))).find((text) => text);
  return webhookAlert(
    {
      format: 'cloudevents',
      action: actionNamed(first(actionNames)) ?? actionOfType(type),
      key: [JSON.stringify([source, subject === undefined ? 'type' : 'subject', subject ?? type])],
      summary: first(summaryNames) ?? `${type}${subject ? ` of ${subject}` : ''} from ${source}`,
      source,
      severity: severityNamed(first(severityNames)) ?? 'error',
      at: readTime(event['time']),
      component: subject,
      class: type,
      details: detailsOf(event),
      resources: [readOptional(data, 'arn'), subject, source],
    },
    receipt,
  );
}

function actionOfType(type: string): EventAction {
  return actionNamed(type.split(/[./:_-]/).at(-1)) ?? 'trigger';
}

function detailsOf(event: Fields): Record<string, unknown> {
  const { specversion: _version, data, data_base64: binary, ...attributes } = event;
  return {
    attributes,
    ...(data !== undefined && { data }),
    ...(typeof binary === 'string' && { data_base64_length: binary.length }),
  };
}
