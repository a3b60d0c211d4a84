import { readJson, type JsonNode } from '../../event-pattern/json-text.ts';

/**
 * An event as EventBridge hands it to rules and targets.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 */
export interface EventEnvelope {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 in whole seconds, UTC. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** One event on a bus. */
export interface BusEvent {
  readonly envelope: EventEnvelope;
  /** The event as JSON text, with the numbers of `detail` exactly as they were sent. */
  readonly text: string;
  /** Epoch milliseconds of virtual time at which EventBridge received it. */
  readonly receivedAt: number;
}

/** Builds an event from its envelope and the JSON text of its detail, which must be an object. */
export function busEvent(
  envelope: Omit<EventEnvelope, 'version' | 'detail'>,
  detailText: string,
  receivedAt: number,
): BusEvent {
  const { id, source, account, time, region, resources } = envelope;
  const head = { version: '0', id, 'detail-type': envelope['detail-type'], source, account, time, region, resources };
  const text = `${JSON.stringify(head).slice(0, -1)},"detail":${writeJson(readJson(detailText))}}`;
  return { envelope: JSON.parse(text), text, receivedAt };
}

/** Epoch milliseconds as EventBridge writes times: ISO 8601 in whole seconds. */
export function isoSeconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** JSON text without spaces that keeps numbers as written; of duplicate keys the last stays. */
export function writeJson(node: JsonNode): string {
  if (node.kind === 'string') return JSON.stringify(node.value);
  if (node.kind === 'array') return `[${node.items.map(writeJson).join()}]`;
  if (node.kind !== 'object') return node.text;
  const members = [...new Map(node.entries)].map(([key, value]) => `${JSON.stringify(key)}:${writeJson(value)}`);
  return `{${members.join()}}`;
}
