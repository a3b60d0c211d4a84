import type { BusEvent, EventEnvelope } from './bus-event.ts';
import { InvalidRuleError, type ArchiveDescription, type EventBusDescription } from './descriptions.ts';
import { compilePattern, type EventFields, type EventPattern } from '../../event-pattern/pattern.ts';

interface Archive {
  readonly busName: string;
  readonly pattern: EventPattern | undefined;
  readonly events: EventEnvelope[];
}

/** The archives of all buses. Retention does not end inside the sandbox. */
export class Archives {
  readonly #archives: ReadonlyMap<string, Archive>;

  constructor(described: readonly ArchiveDescription[], buses: ReadonlyMap<string, EventBusDescription>) {
    this.#archives = new Map(described.map((archive) => [archive.name, compileArchive(archive, buses)]));
  }

  /** Keeps an event in every archive of its bus that wants it. */
  keep(busName: string, event: BusEvent, fields: EventFields): void {
    for (const archive of this.#archives.values()) {
      const wanted = archive.busName === busName && (archive.pattern?.matches(fields) ?? true);
      if (wanted) archive.events.push(event.envelope);
    }
  }

  /** What an archive keeps, oldest first. */
  eventsOf(name: string): readonly EventEnvelope[] {
    const archive = this.#archives.get(name);
    if (!archive) throw new RangeError(`Archive ${name} does not exist.`);
    return archive.events;
  }
}

function compileArchive(described: ArchiveDescription, buses: ReadonlyMap<string, EventBusDescription>): Archive {
  const { name, busName, eventPattern } = described;
  if (!buses.has(busName)) {
    throw new InvalidRuleError(
      `Event bus ${busName} does not exist, which the archive ${name} is to keep the events of.`,
    );
  }
  return { busName, pattern: eventPattern === undefined ? undefined : compilePattern(eventPattern), events: [] };
}
