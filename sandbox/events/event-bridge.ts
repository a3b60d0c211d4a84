import {
  AwsError,
  UnsupportedInSandboxError,
  type AwsCall,
  type AwsService,
  type CallAws,
  type RequiredGrant,
} from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { Archives } from './archives.ts';
import { busEvent, isoSeconds, type BusEvent, type EventEnvelope } from './bus-event.ts';
import { Deliveries, type FailedDelivery } from './deliveries.ts';
import type { ArchiveDescription, EventBusDescription, RuleDescription } from './descriptions.ts';
import { EventFields } from '../../event-pattern/pattern.ts';
import { busOf, membersOf, readEntries, type PutEventsEntry } from './put-events.ts';
import { compileRule, type CompiledRule } from './rule.ts';
import { readServiceEvent } from './service-event.ts';
import { testEventPattern } from './test-event-pattern.ts';

/** What EventBridge in the sandbox is made of. */
export interface EventBridgeOptions {
  readonly clock: VirtualClock;
  readonly call: CallAws;
  readonly account: string;
  readonly region: string;
  /** The custom buses; the default bus is always there. */
  readonly buses: readonly EventBusDescription[];
  readonly rules: readonly RuleDescription[];
  readonly archives?: readonly ArchiveDescription[];
  /** Gives the UUID of each event. @default - counts up from 00000000-0000-4000-9000-000000000001 */
  readonly newId?: () => string;
}

const OPERATIONS = ['PutEvents', 'TestEventPattern'];
const BUS_ARN = /^arn:[\w-]+:events:[\w-]*:\d*:event-bus\/(.+)$/;

/** EventBridge: buses, rules with patterns and schedules, deliveries with retries and dead letters, and archives. */
export class EventBridge implements AwsService {
  readonly name = 'eventbridge';
  readonly #options: EventBridgeOptions;
  readonly #buses: ReadonlyMap<string, EventBusDescription>;
  readonly #rules: readonly CompiledRule[];
  readonly #archives: Archives;
  readonly #deliveries: Deliveries;
  // Keyed by the very input of the call, so that no caller can pass for EventBridge forwarding an event.
  readonly #forwarded = new WeakMap<object, BusEvent>();
  #ids = 0;

  /**
   * Throws `InvalidEventPatternError` and `InvalidRuleError` for what EventBridge refuses to create, and
   * `UnsupportedInSandboxError` for kinds of targets other than functions, state machines, topics, queues and buses.
   */
  constructor(options: EventBridgeOptions) {
    this.#options = options;
    const busArn = `arn:aws:events:${options.region}:${options.account}:event-bus/default`;
    this.#buses = new Map([{ name: 'default', arn: busArn }, ...options.buses].map((bus) => [bus.name, bus]));
    this.#rules = options.rules.map((rule) => compileRule(rule, this.#buses));
    this.#archives = new Archives(options.archives ?? [], this.#buses);
    this.#deliveries = new Deliveries({
      clock: options.clock,
      call: options.call,
      beforeCall: (call, event) => {
        if (call.service === this.name) this.#forwarded.set(call.input, event);
      },
    });
  }

  /** Whether there is a bus of that name. */
  hasBus(name: string): boolean {
    return this.#buses.has(name);
  }

  /** Every event that did not reach a target, whether a dead-letter queue took it or not. */
  get failedDeliveries(): readonly FailedDelivery[] {
    return this.#deliveries.failed;
  }

  /** Every event that a target did not take when it was first given it, whatever became of the event after that. */
  faults(): readonly Error[] {
    return this.#deliveries.refused;
  }

  /** The events that an archive keeps, oldest first. Throws a `RangeError` for an unknown name. */
  archived(name: string): readonly EventEnvelope[] {
    return this.#archives.eventsOf(name);
  }

  handles(operation: string): boolean {
    return OPERATIONS.includes(operation);
  }

  grantsFor(operation: string, input: AwsCall['input']): readonly RequiredGrant[] {
    if (operation === 'TestEventPattern') return [{ action: 'events:TestEventPattern', resource: '*' }];
    const invokedBy = this.#forwarded.has(input) ? 'true' : 'false';
    return membersOf(input).map((entry) => ({
      action: 'events:PutEvents',
      resource: this.#busArnOf(busOf(entry)),
      context: {
        ...(typeof entry['Source'] === 'string' ? { 'events:source': entry['Source'] } : {}),
        ...(typeof entry['DetailType'] === 'string' ? { 'events:detail-type': entry['DetailType'] } : {}),
        'events:eventBusInvocation': invokedBy,
      },
    }));
  }

  async answer(call: AwsCall): Promise<Record<string, unknown>> {
    if (call.operation === 'TestEventPattern') return testEventPattern(call.input);
    if (call.operation === 'PutEvents') return this.#putEvents(call.input);
    throw new UnsupportedInSandboxError(`eventbridge:${call.operation}`);
  }

  /**
   * Puts an event on a bus as the AWS service that emits it, where `aws.` sources are allowed. What the envelope lacks
   * (id, account, time, region, resources) is filled in. Throws a `TypeError` for an event or a bus that cannot be.
   */
  deliver(busName: string, event: Readonly<Record<string, unknown>>): EventEnvelope {
    if (!this.#buses.has(busName)) throw new TypeError(`No event bus ${busName} exists to deliver an event to.`);
    const { clock, account, region } = this.#options;
    const defaults = { account, region, time: isoSeconds(clock.now()), resources: [] };
    const received = readServiceEvent(event, defaults, () => this.#newId(), clock.now());
    this.#receive(busName, received);
    return received.envelope;
  }

  /** Lets the scheduled rules fire from now on, for as long as the clock runs. Returns a function that ends this. */
  startSchedules(): () => void {
    const stops = this.#rules.map((rule) => this.#startSchedule(rule));
    return () => {
      for (const stop of stops) stop();
    };
  }

  #putEvents(input: AwsCall['input']): Record<string, unknown> {
    const forwarded = this.#forwarded.get(input);
    const Entries = forwarded
      ? [this.#acceptForwarded(input, forwarded)]
      : readEntries(input, this.#options.clock.now()).map((entry) => this.#accept(entry));
    return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
  }

  #accept(entry: PutEventsEntry): Record<string, unknown> {
    if ('errorCode' in entry) return { ErrorCode: entry.errorCode, ErrorMessage: entry.errorMessage };
    const { account, region, clock } = this.#options;
    const { source, time, resources, detailType, detail, bus } = entry;
    const envelope = { id: this.#newId(), 'detail-type': detailType, source, account, time, region, resources };
    // EventBridge accepts an event for a bus that does not exist, and drops it.
    this.#receive(nameOfBus(bus), busEvent(envelope, detail, clock.now()));
    return { EventId: envelope.id };
  }

  #acceptForwarded(input: AwsCall['input'], event: BusEvent): Record<string, unknown> {
    const [entry = {}] = membersOf(input);
    const busName = nameOfBus(busOf(entry));
    if (!this.#buses.has(busName))
      throw new AwsError('ResourceNotFoundException', `Event bus ${busName} does not exist.`);
    this.#receive(busName, { ...event, receivedAt: this.#options.clock.now() });
    return { EventId: event.envelope.id };
  }

  #receive(busName: string, event: BusEvent): void {
    if (!this.#buses.has(busName)) return;
    const fields = new EventFields(event.text);
    this.#archives.keep(busName, event, fields);
    for (const rule of this.#rules) {
      if (rule.enabled && rule.busName === busName && rule.pattern?.matches(fields)) this.#fire(rule, event);
    }
  }

  #fire(rule: CompiledRule, event: BusEvent): void {
    for (const target of rule.targets) this.#deliveries.start(target, event);
  }

  #startSchedule(rule: CompiledRule): () => void {
    const { clock } = this.#options;
    const nextTime = rule.enabled ? rule.scheduleFrom?.(clock.now()) : undefined;
    let cancel = () => {};
    const wait = () => {
      const at = nextTime?.(clock.now());
      if (at === undefined) return;
      cancel = clock.schedule(at - clock.now(), `schedule of ${rule.arn}`, () => {
        this.#fire(rule, this.#scheduledEvent(rule));
        wait();
      });
    };
    wait();
    return () => cancel();
  }

  #scheduledEvent(rule: CompiledRule): BusEvent {
    const { clock, account, region } = this.#options;
    const time = isoSeconds(clock.now());
    const id = this.#newId();
    const kind = { 'detail-type': 'Scheduled Event', source: 'aws.events' };
    return busEvent({ id, ...kind, account, time, region, resources: [rule.arn] }, '{}', clock.now());
  }

  #busArnOf(nameOrArn: string): string {
    const { region, account } = this.#options;
    if (BUS_ARN.test(nameOrArn)) return nameOrArn;
    return this.#buses.get(nameOrArn)?.arn ?? `arn:aws:events:${region}:${account}:event-bus/${nameOrArn}`;
  }

  #newId(): string {
    this.#ids += 1;
    return this.#options.newId?.() ?? `00000000-0000-4000-9000-${String(this.#ids).padStart(12, '0')}`;
  }
}

function nameOfBus(nameOrArn: string): string {
  return BUS_ARN.exec(nameOrArn)?.[1] ?? nameOrArn;
}
