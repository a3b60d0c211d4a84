import type { EventBus } from '../adapters/event-bus.ts';
import type { HeldAlert, HoldQueue } from '../adapters/hold-queue.ts';
import { releasedEvent } from '../domain/triage/released-event.ts';

export interface ReleasePorts {
  readonly bus: Pick<EventBus, 'put'>;
  readonly holds: Pick<HoldQueue, 'hold'>;
}

/** Where it is said what could not be sent back; the function's logger and metrics. */
export interface ReleaseReport {
  readonly logger: Record<'error', (message: string, extra: Record<string, unknown>) => void>;
  readonly count: (metric: string) => void;
}

/** What the queue is told about messages that have to come again. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Sends alerts whose time is over back to `intake`, by the bus; the others wait on. Each message stands for itself. */
export async function releaseAlerts(
  event: unknown,
  ports: ReleasePorts,
  report: ReleaseReport,
  now: Date,
): Promise<BatchAnswer> {
  const failed = await Promise.all(messagesOf(event).map(async (message) => release(message, ports, report, now)));
  return { batchItemFailures: failed.flatMap((itemIdentifier) => (itemIdentifier ? [{ itemIdentifier }] : [])) };
}

/** Answers the id of a message that could not be released this time. */
async function release(
  { id, body }: Message,
  { bus, holds }: ReleasePorts,
  { logger, count }: ReleaseReport,
  now: Date,
): Promise<string | undefined> {
  try {
    const held = heldAlertIn(body);
    if (Date.parse(held.until) > now.getTime()) await holds.hold(held, now);
    else
      await bus.put([
        {
          source: releasedEvent.source,
          detailType: releasedEvent.detailType,
          detail: JSON.stringify({ alert: held.alert }),
        },
      ]);
    return undefined;
  } catch (error) {
    // Said to the queue, which brings it again and in the end keeps it among the dead letters.
    logger.error('This alert could not be sent back.', { message: id, error });
    count('release-failed');
    return id;
  }
}

/** Whatever else somebody has put into the queue stays there: sent back as an alert it would be lost. */
function heldAlertIn(body: string): HeldAlert {
  const held: unknown = JSON.parse(body);
  if (!isHeldAlert(held)) throw new Error('This is no alert that waits; see docs/operations.md, Dead letters.');
  return held;
}

function isHeldAlert(value: unknown): value is HeldAlert {
  if (typeof value !== 'object' || value === null || !('until' in value) || !('alert' in value)) return false;
  const { until, alert } = value;
  return typeof until === 'string' && !Number.isNaN(Date.parse(until)) && typeof alert === 'object' && alert !== null;
}

interface Message {
  readonly id: string;
  readonly body: string;
}

function messagesOf(event: unknown): readonly Message[] {
  const records = typeof event === 'object' && event !== null && 'Records' in event ? event.Records : undefined;
  if (!Array.isArray(records))
    throw new Error('This is not a batch of the queue of held alerts; check its event source mapping.');
  return records.map((record: Record<string, unknown>) => ({
    id: String(record['messageId']),
    body: String(record['body']),
  }));
}
