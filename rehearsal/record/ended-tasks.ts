import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { nameOfFunction } from '../changing-calls.ts';
import { memberOf } from '../recorded-findings.ts';
import { readObject } from './read-object.ts';
import { jsonOr } from './step-inputs.ts';

/** How one attempt of a task ended. */
export interface EndedTask {
  readonly at: Date | undefined;
  readonly state: string;
  readonly resource: string;
  readonly resourceType: string;
  readonly asked: Scheduled;
  /** Undefined where it failed. */
  readonly output: unknown;
  /** Empty where it succeeded. */
  readonly error: string;
  readonly cause: string;
  /** Whether it was tried once more. */
  readonly isRetried: boolean;
}

/** What was asked, and when. */
interface Scheduled {
  /** Which event of the history it is. */
  readonly id: number;
  readonly at: Date | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
}

type EventsById = ReadonlyMap<number | undefined, HistoryEvent>;

/** Every attempt of every task of a history that came to an end, in the order in which they began. */
export function endedTasks(history: readonly HistoryEvent[]): EndedTask[] {
  const byId = new Map(history.map((event) => [event.id, event]));
  const retried = new Set(
    history.filter(({ type }) => type === 'TaskScheduled').map(({ previousEventId }) => previousEventId),
  );
  return history
    .flatMap((event) => endOf(event, byId, retried.has(event.id)) ?? [])
    .toSorted((a, b) => a.asked.id - b.asked.id);
}

/** A function by its name, whether it was asked by that or by its ARN; empty for a task that asks none. */
export function functionOf({ resourceType, asked }: Pick<EndedTask, 'resourceType' | 'asked'>): string {
  if (resourceType !== 'lambda') return '';
  return nameOfFunction(asked.parameters['FunctionName']);
}

function endOf(event: HistoryEvent, byId: EventsById, isRetried: boolean): EndedTask | undefined {
  const succeeded = event.taskSucceededEventDetails;
  const failed = failureOf(event);
  const details = succeeded ?? failed;
  if (!details?.resource || !details.resourceType) return undefined;
  const scheduled = eventBefore(event, byId, ({ taskScheduledEventDetails }) => taskScheduledEventDetails);
  const entered = eventBefore(event, byId, ({ stateEnteredEventDetails }) => stateEnteredEventDetails);
  const { parameters = '{}' } = scheduled?.taskScheduledEventDetails ?? {};
  return {
    at: event.timestamp,
    state: entered?.stateEnteredEventDetails?.name ?? '',
    resource: details.resource,
    resourceType: details.resourceType,
    asked: {
      id: scheduled?.id ?? 0,
      at: scheduled?.timestamp,
      parameters: readObject(parameters),
    },
    output: succeeded?.output === undefined ? undefined : JSON.parse(succeeded.output),
    error: failed ? (failed.error ?? 'States.Timeout') : '',
    cause: wordsOf(failed?.cause),
    isRetried,
  };
}

/** AWS tells a task that failed from one that it could not start, or hand over to whom it then waits for. */
function failureOf(event: HistoryEvent) {
  return (
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.taskStartFailedEventDetails ??
    event.taskSubmitFailedEventDetails
  );
}

/** What a function failed with comes as JSON, with its stack. */
function wordsOf(cause = ''): string {
  const message = memberOf(jsonOr(cause), 'errorMessage');
  return typeof message === 'string' ? message : cause;
}

/** The nearest event before this one, in its own branch, that has some details. */
function eventBefore(
  event: HistoryEvent,
  byId: EventsById,
  detailsOf: (event: HistoryEvent) => object | undefined,
): HistoryEvent | undefined {
  for (let before = byId.get(event.previousEventId); before; before = byId.get(before.previousEventId))
    if (detailsOf(before)) return before;
  return undefined;
}
