import { busEvent, type BusEvent } from './bus-event.ts';

type Members = Readonly<Record<string, unknown>>;

/** What fills an event that comes without it. */
export interface EnvelopeDefaults {
  readonly account: string;
  readonly region: string;
  readonly time: string;
  readonly resources: readonly string[];
}

/** Reads an event as an AWS service emits it: `source`, `detail-type` and `detail` must be there. Throws a `TypeError`. */
export function readServiceEvent(
  event: Members,
  defaults: EnvelopeDefaults,
  newId: () => string,
  receivedAt: number,
): BusEvent {
  const detail = event['detail'];
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) throw refuse('detail', 'an object');
  const envelope = {
    id: textOf(event, 'id', newId),
    'detail-type': textOf(event, 'detail-type'),
    source: textOf(event, 'source'),
    account: textOf(event, 'account', () => defaults.account),
    time: textOf(event, 'time', () => defaults.time),
    region: textOf(event, 'region', () => defaults.region),
    resources: resourcesOf(event, defaults),
  };
  return busEvent(envelope, JSON.stringify(detail), receivedAt);
}

function textOf(event: Members, name: string, otherwise?: () => string): string {
  const value = event[name] ?? otherwise?.();
  if (typeof value !== 'string') throw refuse(name, 'a string');
  return value;
}

function resourcesOf(event: Members, { resources }: EnvelopeDefaults): readonly string[] {
  const given = event['resources'] ?? resources;
  if (!Array.isArray(given)) throw refuse('resources', 'a list');
  return given.map(String);
}

function refuse(name: string, kind: string): TypeError {
  return new TypeError(`An event from an AWS service needs ${kind} as its ${name}.`);
}
