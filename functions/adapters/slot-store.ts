import { freeSlot, type SlotHolder, takeSlot } from '../domain/slots.ts';
import type { IncidentTable, Item, Write } from './dynamodb-table.ts';

/** How many may hold a slot of one kind at once. */
export interface SlotKind {
  /** What is limited: `automations`, or the id of a group. */
  readonly name: string;
  readonly cap: number;
}

/**
 * Who holds a slot, one item a kind, changed only by whoever has seen its newest version: so never more hold one than
 * its cap. 80 holders are 6 KB; whoever loses the race for the item reads it again.
 */
export class SlotStore {
  readonly #table: IncidentTable;

  constructor(table: IncidentTable) {
    this.#table = table;
  }

  /** The write that takes a slot until it is given back, or until some time (epoch seconds). Undefined when all are held. */
  async takeWrite({ name, cap }: SlotKind, incident: string, until: number, now: Date): Promise<Write | undefined> {
    const item = await this.#table.get(keyOf(name));
    const holders = takeSlot(holdersOf(item), incident, cap, Math.floor(now.getTime() / 1000), until);
    return holders && writeOf(name, item, holders);
  }

  /** The write that gives a slot back; undefined when the incident holds none. */
  async freeWrite(name: string, incident: string): Promise<Write | undefined> {
    const item = await this.#table.get(keyOf(name));
    const holders = freeSlot(holdersOf(item), incident);
    return holders && writeOf(name, item, holders);
  }

  /** The incidents that hold a slot, or did until it expired. */
  async holders(name: string): Promise<readonly SlotHolder[]> {
    return holdersOf(await this.#table.get(keyOf(name)));
  }
}

/** Of all automations together. */
export const automationSlots = 'automations';

function keyOf(name: string) {
  return { pk: `SLOTS#${name}`, sk: 'SLOTS' };
}

function writeOf(name: string, item: Item | undefined, holders: readonly SlotHolder[]): Write {
  const put = { ...keyOf(name), holders, version: Number(item?.['version'] ?? 0) + 1 };
  if (!item) return { put, condition: 'attribute_not_exists(#pk)' };
  return { put, condition: '#version = :version', values: { ':version': item['version'] } };
}

/** Throws where the item is not what is written here: then nobody knows how many there are, and nothing may begin. */
function holdersOf(item: Item | undefined): SlotHolder[] {
  if (!item) return [];
  const holders: unknown = item['holders'];
  if (!Array.isArray(holders)) throw new Error(`The item ${String(item['pk'])} has no list of holders; delete it.`);
  return holders.map(({ incident, until }) => ({ incident: String(incident), until: Number(until) }));
}
