/** One repair that has a slot, and until when if nobody gives it back: epoch seconds. */
export interface SlotHolder {
  readonly incident: string;
  readonly until: number;
}

/**
 * The holders once an incident has taken a slot; undefined when others have them all. Whoever has expired has none, and
 * one incident never has two.
 */
export function takeSlot(
  holders: readonly SlotHolder[],
  incident: string,
  cap: number,
  nowEpoch: number,
  until: number,
): readonly SlotHolder[] | undefined {
  const others = holders.filter((holder) => holder.incident !== incident && holder.until >= nowEpoch);
  return others.length >= cap ? undefined : [...others, { incident, until }];
}

/** The holders once an incident has given its slot back; undefined where it has none. */
export function freeSlot(holders: readonly SlotHolder[], incident: string): readonly SlotHolder[] | undefined {
  const others = holders.filter((holder) => holder.incident !== incident);
  return others.length === holders.length ? undefined : others;
}
