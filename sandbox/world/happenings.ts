import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { VirtualClock } from '../clock.ts';
import type { DescribedHappening } from './description.ts';
import { parseDurationMs } from './duration.ts';
import { fillTemplates, type TemplateValues } from './template.ts';

/** An event as the default event bus carries it. */
export type WorldEvent = Readonly<Record<string, unknown>>;

/** What the happenings of a world need from around them. */
export interface HappeningsOptions {
  readonly clock: VirtualClock;
  /** Puts one complete event on the default bus, as the AWS service that emits it would. */
  readonly deliver: (event: WorldEvent) => void | Promise<void>;
  /** Whether an event may come about; one that may not when its call is made stays planned. Its templates are not filled yet. */
  readonly mayHappen: (event: WorldEvent) => boolean;
  readonly account: string;
  readonly region: string;
  /** The directory that `eventFile` is relative to. */
  readonly directory: string;
  readonly onFault: (fault: Error) => void;
}

/** What brings a happening about. */
export type Trigger = 'start' | { readonly call: string } | { readonly answered: string };

interface Planned {
  readonly described: DescribedHappening;
  readonly event: Readonly<Record<string, unknown>>;
  left: number;
}

/** What the world does by itself: events at a time, or in answer to calls, on the virtual clock. */
export class Happenings {
  readonly #planned: readonly Planned[];
  readonly #options: HappeningsOptions;
  #delivered = 0;

  constructor(described: readonly DescribedHappening[], options: HappeningsOptions) {
    this.#options = options;
    this.#planned = described.map((happening) => ({
      described: happening,
      event: happening.event ?? readEventFile(happening, options.directory),
      left: happening.times ?? 1,
    }));
  }

  /**
   * Plans the happenings that `trigger` brings about; `input` is the input of the call behind it. For one that was
   * `agoMs` of virtual time ago, what has happened since is over.
   */
  trigger(trigger: Trigger, input: Readonly<Record<string, unknown>>, agoMs = 0): void {
    for (const planned of this.#planned) {
      if (planned.left === 0 || !isBroughtAboutBy(planned.described, trigger)) continue;
      // What is planned for a time may yet become possible.
      if (trigger !== 'start' && !this.#options.mayHappen(planned.event)) continue;
      planned.left -= 1;
      const delayMs = parseDurationMs(planned.described.at ?? planned.described.after ?? '0s') - agoMs;
      if (delayMs < 0) continue;
      this.#options.clock.schedule(delayMs, `happening ${labelOf(planned.event)}`, () => this.#happen(planned, input));
    }
  }

  #happen(planned: Planned, input: Readonly<Record<string, unknown>>): void {
    const { clock, deliver, mayHappen, onFault } = this.#options;
    if (!mayHappen(planned.event)) return;
    clock
      .holding(`delivering ${labelOf(planned.event)}`, async () => deliver(this.#complete(planned.event, input)))
      .catch((cause: unknown) => {
        onFault(
          new Error(`The happening ${labelOf(planned.event)} could not be delivered: ${String(cause)}`, { cause }),
        );
      });
  }

  /** The envelope that EventBridge gives every event: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
  #complete(event: Readonly<Record<string, unknown>>, input: Readonly<Record<string, unknown>>): WorldEvent {
    const { clock, account, region } = this.#options;
    const values: TemplateValues = { nowMs: clock.now(), account, region, input };
    this.#delivered += 1;
    const id = `00000000-0000-4000-8000-${String(this.#delivered).padStart(12, '0')}`;
    const time = clock.iso().replace(/\.\d+Z$/, 'Z');
    const envelope = { version: '0', id, account, time, region, resources: [], detail: {} };
    return {
      ...envelope,
      ...Object.fromEntries(Object.entries(event).map(([key, item]) => [key, fillTemplates(item, values)])),
    };
  }
}

function isBroughtAboutBy(described: DescribedHappening, trigger: Trigger): boolean {
  const moment = described.when ?? 'start';
  if (moment === 'start' || trigger === 'start') return moment === trigger;
  if ('call' in moment) return 'call' in trigger && moment.call === trigger.call;
  return 'answered' in trigger && moment.answered === trigger.answered;
}

function readEventFile(happening: DescribedHappening, directory: string): Readonly<Record<string, unknown>> {
  const path = resolve(directory, happening.eventFile ?? '');
  const event: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw new TypeError(`The event file ${path} of the world does not hold one event.`);
  }
  return { ...event };
}

function labelOf(event: Readonly<Record<string, unknown>>): string {
  return `${String(event['source'])} ${String(event['detail-type'])}`;
}
