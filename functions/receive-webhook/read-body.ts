import { type Fields, isRecord } from '../domain/fields.ts';
import { type LimitedJson, maxJsonKeys, readLimitedJson, strippedKeys } from '../domain/json-limits.ts';
import { readBinaryCloudEvent } from './cloud-event.ts';
import type { WebhookRequest } from './read-request.ts';
import type { Sender } from './senders.ts';

const formType = /^application\/x-www-form-urlencoded(;|$)/i;
const readableType =
  /^(application\/json|application\/[\w.-]+\+json|text\/(json|plain)|application\/x-www-form-urlencoded)\s*(;|$)/i;

/**
 * Whether the body may be read at all: JSON, however it is called, and not compressed. SNS sends text/plain, `curl -d`
 * sends JSON as a form. Nothing is ever decompressed: a small body could become a huge one.
 */
export function isReadableType({ header }: Pick<WebhookRequest, 'header'>): boolean {
  const type = header('content-type')?.trim() ?? '';
  const encoding = header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  return encoding === 'identity' && type.length < 200 && (type === '' || readableType.test(type));
}

/** The value that a body holds, within the limits of `readLimitedJson`. A form's fields are the members of an object. */
export function readBody(
  request: Pick<WebhookRequest, 'header'>,
  body: Buffer,
  mayAlsoSend: Sender['mayAlsoSend'],
): LimitedJson {
  const readJson = () => readLimitedJson(body);
  if (mayAlsoSend === 'forms' && isForm(request, body)) return readForm(body);
  return (mayAlsoSend === 'cloud-events' ? readBinaryCloudEvent(request, body, readJson) : undefined) ?? readJson();
}

/** `curl -d` calls JSON a form. */
function isForm({ header }: Pick<WebhookRequest, 'header'>, body: Buffer): boolean {
  return formType.test(header('content-type') ?? '') && !/^\s*[[{]/.test(body.toString('latin1', 0, 64));
}

function readForm(body: Buffer): LimitedJson {
  const fields = [...new URLSearchParams(body.toString('utf8'))];
  if (fields.length > maxJsonKeys) return { ok: false, reason: 'too-many-keys' };
  if (new Set(fields.map(([name]) => name)).size < fields.length) return { ok: false, reason: 'duplicate-key' };
  const [name, text = ''] = fields[0] ?? [];
  if (fields.length === 1 && name === 'payload') return readLimitedJson(Buffer.from(text));
  return { ok: true, value: Object.fromEntries(fields.filter(([field]) => !strippedKeys.has(field))) };
}

/** The members of a body that is an object; none otherwise. */
export function membersOf(json: LimitedJson): Fields {
  return json.ok && isRecord(json.value) ? json.value : {};
}
