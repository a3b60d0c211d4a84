import type { Normalised } from '../../domain/normalised.ts';
import { cloudwatchDetailTypes, normaliseCloudWatch } from './cloudwatch.ts';
import { isRecord } from './fields.ts';

type Adapter = (event: Record<string, unknown>, receivedAt: Date) => Normalised;

/** Which adapter reads which EventBridge detail-type. */
const adapters: ReadonlyMap<string, Adapter> = new Map(
  cloudwatchDetailTypes.map((type) => [type, normaliseCloudWatch]),
);

/** Normalises an EventBridge event by its detail-type. Never throws: what cannot be read is poison, with its reasons. */
export function normaliseEvent(event: unknown, receivedAt: Date): Normalised {
  if (!isRecord(event)) return poison('', 'is not a JSON object');
  const type = event['detail-type'];
  const adapter = typeof type === 'string' ? adapters.get(type) : undefined;
  if (!adapter)
    return poison('detail-type', `is not one that Handsoff reads; it reads ${[...adapters.keys()].join(', ')}`);
  return adapter(event, receivedAt);
}

function poison(path: string, message: string): Normalised {
  return { kind: 'poison', errors: [{ path, message }] };
}
