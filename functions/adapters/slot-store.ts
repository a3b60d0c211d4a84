import { freeSlot, type SlotHolder, takeSlot } from '../domain/slots.ts';
import { type Item, type ItemKey, versionedPut, type Write } from './dynamodb-table.ts';

/** How many may hold a slot of one kind at once. */
export interface SlotKind {
  /** What is limited: `automations`, or the id of a group. */
  readonly name: string;
  readonly cap: number;
}

/** Of all automations together. */
export const automationSlots = 'automations';

/**
 * Where the holders of a kind are kept: one item, changed only by whoever has seen its newest version, so that never more
 * hold a slot than its cap. 80 holders are 6 KB; whoever loses the race for the item reads it again.
 */
export function slotsKeyOf(name: string): ItemKey {
  return { pk: `SLOTS#${name}`, sk: 'SLOTS' };
}

/** The write that takes a slot until it is given back, or until some time (epoch seconds). Undefined when all are held. */
export function takeSlotWrite(
  item: Item | undefined,
  { name, cap }: SlotKind,
  incident: string,
  until: number,
  now: Date,
): Write | undefined {
  const holders = takeSlot(slotHolders(item), incident, cap, Math.floor(now.getTime() / 1000), until);
  return holders && writeOf(name, item, holders);
}

/** The write that gives a slot back; undefined when the incident holds none. */
export function freeSlotWrite(item: Item | undefined, name: string, incident: string): Write | undefined {
  const holders = freeSlot(slotHolders(item), incident);
  return holders && writeOf(name, item, holders);
}

/**
 * The incidents that hold a slot, or did until it expired. Throws where the item is not what is written here: then nobody
 * knows how many there are, and nothing may begin.
 */
export function slotHolders(item: Item | undefined): SlotHolder[] {
  if (!item) return [];
  const holders: unknown = item['holders'];
  if (!Array.isArray(holders)) throw new Error(`The item ${String(item['pk'])} has no list of holders; delete it.`);
  return holders.map(({ incident, until }) => ({ incident: String(incident), until: Number(until) }));
}

function writeOf(name: string, item: Item | undefined, holders: readonly SlotHolder[]): Write {
  return versionedPut(item, { ...slotsKeyOf(name), holders });
}
