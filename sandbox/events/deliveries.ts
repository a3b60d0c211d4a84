import { AwsError, type AwsCall, type CallAws } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { queueUrlOf } from '../sqs/queue-url.ts';
import type { BusEvent } from './bus-event.ts';
import type { TargetDescription } from './descriptions.ts';
import { classifyFailure, type DeliveryFailure } from './delivery-failure.ts';
import type { RuleIdentity } from './input-transformer.ts';
import { eventsService, type MakeTargetCall } from './target-call.ts';

/** One target of one rule, ready to be given events. */
export interface CompiledTarget {
  readonly rule: RuleIdentity;
  readonly target: TargetDescription;
  readonly makeCall: MakeTargetCall;
}

/** An event that did not reach a target. */
export interface FailedDelivery {
  readonly ruleArn: string;
  readonly targetArn: string;
  readonly eventId: string;
  /** The code of the dead letter: `NO_PERMISSIONS`, `NO_RESOURCE`, `THROTTLING`, … */
  readonly errorCode: string;
  readonly errorMessage: string;
  /** How often it was tried again after the first attempt. */
  readonly retryAttempts: number;
  /** The queue that took the event; undefined when it was dropped. */
  readonly deadLetterArn?: string;
  /** Why the dead-letter queue did not take it. */
  readonly deadLetterError?: string;
  readonly cause: unknown;
}

/** An event that a target did not take. */
class RefusedEventError extends Error {
  override readonly name = 'RefusedEventError' as const;

  constructor({ rule, target }: CompiledTarget, { code, message, cause }: DeliveryFailure) {
    super(`${target.arn} did not take an event of ${rule.arn} (${code}: ${message}).`, { cause });
  }
}

/** What deliveries need from around them. */
export interface DeliveriesOptions {
  readonly clock: VirtualClock;
  readonly call: CallAws;
  /** Told of every call before it is made. */
  readonly beforeCall: (call: AwsCall, event: BusEvent) => void;
}

type ExhaustedCondition = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

const DEFAULT_RETRIES = 185;
const DEFAULT_AGE_SECONDS = 86_400;
const FIRST_DELAY_MS = 1000;
/** Doubling up to here, the default 185 retries fill the default 24 hours. */
const LONGEST_DELAY_MS = 480_000;

/**
 * Gives events to targets, tries again what may succeed later, and sends what failed for good to the dead-letter queue.
 * The delays are exponential without AWS's random part. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly failed: FailedDelivery[] = [];
  /** Of each event and target: the first attempt that failed, and the last where it was given up after others. */
  readonly refused: RefusedEventError[] = [];

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** Starts to deliver; the first attempt comes at this time, after whatever runs now. */
  start(to: CompiledTarget, event: BusEvent): void {
    this.#schedule(to, event, 0, 0);
  }

  #schedule(to: CompiledTarget, event: BusEvent, retries: number, delayMs: number): void {
    const { clock } = this.#options;
    const label = `deliver ${event.envelope.id} to ${to.target.arn}`;
    clock.schedule(delayMs, label, () => {
      void clock.holding(label, () => this.#attempt(to, event, retries));
    });
  }

  async #attempt(to: CompiledTarget, event: BusEvent, retries: number): Promise<void> {
    try {
      const call = to.makeCall(event);
      this.#options.beforeCall(call, event);
      await this.#options.call(call);
    } catch (cause) {
      const failure = classifyFailure(cause);
      if (retries === 0) this.refused.push(new RefusedEventError(to, failure));
      await this.#goOn(to, event, retries, failure);
    }
  }

  async #goOn(to: CompiledTarget, event: BusEvent, retries: number, failure: DeliveryFailure): Promise<void> {
    const delayMs = Math.min(FIRST_DELAY_MS * 2 ** retries, LONGEST_DELAY_MS);
    const exhausted = failure.retryable ? this.#exhausted(to.target, event, retries, delayMs) : undefined;
    if (failure.retryable && !exhausted) this.#schedule(to, event, retries + 1, delayMs);
    else await this.#giveUp(to, event, retries, failure, exhausted);
  }

  #exhausted(
    target: TargetDescription,
    event: BusEvent,
    retries: number,
    delayMs: number,
  ): ExhaustedCondition | undefined {
    const { maximumRetryAttempts = DEFAULT_RETRIES, maximumEventAgeSeconds = DEFAULT_AGE_SECONDS } = target;
    if (retries >= maximumRetryAttempts) return 'MaximumRetryAttempts';
    const ageMs = this.#options.clock.now() + delayMs - event.receivedAt;
    return ageMs > maximumEventAgeSeconds * 1000 ? 'MaximumEventAgeInSeconds' : undefined;
  }

  async #giveUp(
    to: CompiledTarget,
    event: BusEvent,
    retryAttempts: number,
    failure: DeliveryFailure,
    exhausted: ExhaustedCondition | undefined,
  ): Promise<void> {
    const { code: errorCode, message: errorMessage, cause } = failure;
    const { rule, target } = to;
    // What was refused at first may have been broken on purpose; what it is given up for need not be.
    if (retryAttempts > 0) this.refused.push(new RefusedEventError(to, failure));
    const base = {
      ruleArn: rule.arn,
      targetArn: target.arn,
      eventId: event.envelope.id,
      errorCode,
      errorMessage,
      retryAttempts,
      cause,
    };
    const attributes = attributesOf(base, exhausted);
    this.failed.push({ ...base, ...(await this.#sendDeadLetter(to, event, attributes)) });
  }

  async #sendDeadLetter(
    { rule, target: { deadLetterArn } }: CompiledTarget,
    event: BusEvent,
    MessageAttributes: Readonly<Record<string, unknown>>,
  ): Promise<Pick<FailedDelivery, 'deadLetterArn' | 'deadLetterError'>> {
    if (deadLetterArn === undefined) return {};
    const input = { QueueUrl: queueUrlOf(deadLetterArn), MessageBody: event.text, MessageAttributes };
    try {
      await this.#options.call({ service: 'sqs', operation: 'SendMessage', input, principal: eventsService(rule) });
      return { deadLetterArn };
    } catch (error) {
      return { deadLetterError: error instanceof AwsError ? `${error.name}: ${error.message}` : String(error) };
    }
  }
}

function attributesOf(
  failure: Omit<FailedDelivery, 'cause'>,
  exhausted: ExhaustedCondition | undefined,
): Readonly<Record<string, unknown>> {
  const values: readonly (readonly [string, string | undefined])[] = [
    ['RULE_ARN', failure.ruleArn],
    ['TARGET_ARN', failure.targetArn],
    ['ERROR_CODE', failure.errorCode],
    ['ERROR_MESSAGE', failure.errorMessage],
    ['EXHAUSTED_RETRY_CONDITION', exhausted],
    ['RETRY_ATTEMPTS', String(failure.retryAttempts)],
  ];
  const given = values.filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]));
}
