import type { LimitedJson } from '../domain/json-limits.ts';
import type { WebhookRequest } from './read-request.ts';

const attributes = ['specversion', 'id', 'source', 'type', 'subject', 'time', 'dataschema'] as const;

/** No attribute of an alert is longer. */
const maxAttributeLength = 2048;

/**
 * The structured form of a CloudEvent whose attributes came as `ce-` headers and whose data is the body; undefined for
 * a request that is none. Without a body, or with one that is no JSON, there is no data to tell.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode
 */
export function readBinaryCloudEvent(
  { header }: Pick<WebhookRequest, 'header'>,
  body: Buffer,
  readData: () => LimitedJson,
): LimitedJson | undefined {
  if (header('ce-specversion') === undefined) return undefined;
  const data = body.length === 0 ? undefined : readData();
  if (data && !data.ok) return data;
  const present = attributes.flatMap((name) => {
    const value = header(`ce-${name}`);
    return value === undefined || value.length > maxAttributeLength ? [] : [[name, decode(value)] as const];
  });
  return { ok: true, value: { ...Object.fromEntries(present), ...(data && { data: data.value }) } };
}

/** Headers are ASCII: other characters come percent-encoded. A broken escape stays as it came. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
