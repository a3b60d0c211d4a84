import type { CallAws } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { type Delivery, deliver } from './destinations.ts';
import type { Run } from './function-runner.ts';
import type { InvocationOutcome } from './execution-environment.ts';
import { unlessThrottled } from './throttling.ts';

const RETRY_DELAYS_MS = [60_000, 120_000];
const FIRST_THROTTLE_DELAY_MS = 1000;
const MAX_THROTTLE_DELAY_MS = 300_000;
const ERROR_MESSAGE_LIMIT = 1024;

/** What asynchronous invocations need from around them. */
export interface AsyncOptions {
  readonly clock: VirtualClock;
  readonly call: CallAws;
  readonly run: (run: Run) => Promise<InvocationOutcome>;
  /** Told when a record or a dead letter could not be delivered, which AWS counts as DestinationDeliveryFailures. */
  readonly onFault: (fault: Error) => void;
}

type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

interface QueuedEvent extends Run {
  readonly queuedAt: number;
  readonly invokeCount: number;
  readonly throttles: number;
}

/**
 * The queue behind asynchronous invocations: two retries after one and two minutes of virtual time, throttled ones
 * after 1 s up to 5 min for at most six hours, then the dead letter and the failure record.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsyncInvocations {
  readonly #options: AsyncOptions;

  constructor(options: AsyncOptions) {
    this.#options = options;
  }

  /** Queues one event. It runs as soon as virtual time moves. */
  enqueue(run: Run): void {
    this.#schedule({ ...run, queuedAt: this.#options.clock.now(), invokeCount: 0, throttles: 0 }, 0);
  }

  #schedule(event: QueuedEvent, delayMs: number): void {
    const label = `asynchronous invocation of ${event.described.name}`;
    this.#options.clock.schedule(delayMs, label, () => {
      this.#options.clock
        .holding(label, () => this.#attempt(event))
        .catch((cause: unknown) => {
          this.#options.onFault(new Error(`The ${label} was lost: ${String(cause)}`, { cause }));
        });
    });
  }

  async #attempt(event: QueuedEvent): Promise<void> {
    if (event.described.reservedConcurrency === 0) return this.#end(event, 'ZeroReservedConcurrency');
    const outcome = await unlessThrottled(this.#options.run(event));
    if (!outcome) return this.#retryThrottled(event);
    const tried = { ...event, invokeCount: event.invokeCount + 1 };
    if (outcome.kind === 'result') return this.#end(tried, 'Success', outcome);
    if (tried.invokeCount > (event.described.maximumRetryAttempts ?? 2))
      return this.#end(tried, 'RetriesExhausted', outcome);
    const delayMs = RETRY_DELAYS_MS[tried.invokeCount - 1] ?? MAX_THROTTLE_DELAY_MS;
    if (this.#isTooOld(tried, delayMs)) return this.#end(tried, 'EventAgeExceeded', outcome);
    this.#schedule(tried, delayMs);
  }

  async #retryThrottled(event: QueuedEvent): Promise<void> {
    const delayMs = Math.min(MAX_THROTTLE_DELAY_MS, FIRST_THROTTLE_DELAY_MS * 2 ** event.throttles);
    if (this.#isTooOld(event, delayMs)) return this.#end(event, 'EventAgeExceeded');
    this.#schedule({ ...event, throttles: event.throttles + 1 }, delayMs);
  }

  #isTooOld(event: QueuedEvent, delayMs: number): boolean {
    const maxAgeMs = (event.described.maximumEventAgeSeconds ?? 21_600) * 1000;
    return this.#options.clock.now() + delayMs - event.queuedAt > maxAgeMs;
  }

  async #end(event: QueuedEvent, condition: Condition, outcome?: InvocationOutcome): Promise<void> {
    const { deadLetterArn, onFailureArn, onSuccessArn } = event.described;
    const recordArn = condition === 'Success' ? onSuccessArn : onFailureArn;
    if (condition !== 'Success' && deadLetterArn) await this.#deliver(deadLetter(event, deadLetterArn, outcome));
    if (recordArn) await this.#deliver(this.#record(event, recordArn, condition, outcome));
  }

  async #deliver(delivery: Delivery): Promise<void> {
    try {
      await deliver(this.#options.call, delivery);
    } catch (cause) {
      this.#options.onFault(
        new Error(`Lambda could not deliver to ${delivery.destinationArn}: ${String(cause)}`, { cause }),
      );
    }
  }

  #record(event: QueuedEvent, destinationArn: string, condition: Condition, outcome?: InvocationOutcome): Delivery {
    const functionArn = `${event.described.arn}:$LATEST`;
    const body = {
      version: '1.0',
      timestamp: this.#options.clock.iso(),
      requestContext: { requestId: event.requestId, functionArn, condition, approximateInvokeCount: event.invokeCount },
      requestPayload: JSON.parse(event.payload) as unknown,
      ...responseOf(outcome),
    };
    const detailType = `Lambda Function Invocation Result - ${condition === 'Success' ? 'Success' : 'Failure'}`;
    return {
      destinationArn,
      principal: { kind: 'role', arn: event.described.roleArn },
      body: JSON.stringify(body),
      event: { detailType, resources: [functionArn, destinationArn] },
    };
  }
}

function responseOf(outcome: InvocationOutcome | undefined): Record<string, unknown> {
  if (!outcome) return {};
  const responseContext = { statusCode: 200, executedVersion: '$LATEST' };
  if (outcome.kind === 'result') return { responseContext, responsePayload: JSON.parse(outcome.payload) as unknown };
  return { responseContext: { ...responseContext, functionError: 'Unhandled' }, responsePayload: outcome.failure };
}

function deadLetter(event: QueuedEvent, destinationArn: string, outcome: InvocationOutcome | undefined): Delivery {
  const message = outcome?.kind === 'failure' ? outcome.failure.errorMessage : 'Rate Exceeded.';
  return {
    destinationArn,
    principal: { kind: 'role', arn: event.described.roleArn },
    body: event.payload,
    attributes: {
      RequestID: { type: 'String', value: event.requestId },
      ErrorCode: { type: 'Number', value: outcome ? '200' : '429' },
      ErrorMessage: { type: 'String', value: message.slice(0, ERROR_MESSAGE_LIMIT) },
    },
  };
}
