import type { EventField, EventFields, Membership } from './event-fields.ts';
import type { Branch } from './compile-branches.ts';
import type { FieldCondition } from './match-expression.ts';

/** One field that an event must have. */
export type Step = readonly [path: string, condition: FieldCondition];

/** The fields of a branch in the order of their paths, which decides what `exists: false` sees inside arrays. */
export function stepsOf(branch: Branch): readonly Step[] {
  return [...branch].sort(([left], [right]) => (left < right ? -1 : 1));
}

/**
 * Says whether the event satisfies every step, tried in their order, without taking two of them from different elements
 * of one array. https://github.com/aws/event-ruler#json-array-matching
 */
export function satisfies(steps: readonly Step[], event: EventFields): boolean {
  return search(steps, 0, event, new Map());
}

function search(steps: readonly Step[], index: number, event: EventFields, sofar: Membership): boolean {
  const step = steps[index];
  if (!step) return true;
  const [path, { matchers, absent }] = step;
  const within = event.at(path).flatMap((field) => placeWithin(field, sofar));
  if (absent && within.length === 0) return search(steps, index + 1, event, sofar);
  return placesToGoOn(within, matchers).some((membership) => search(steps, index + 1, event, membership));
}

interface Place {
  readonly field: EventField;
  readonly membership: Membership;
}

// Leaves that bind no further array lead to the same search, so one of them stands for all.
function placesToGoOn(places: readonly Place[], matchers: FieldCondition['matchers']): readonly Membership[] {
  const accepted = places.filter(({ field }) => matchers.some((matches) => matches(field.value)));
  return [...new Set(accepted.map(({ membership }) => membership))];
}

function placeWithin(field: EventField, sofar: Membership): readonly Place[] {
  let membership = sofar;
  for (const [array, element] of field.membership) {
    const taken = sofar.get(array);
    if (taken !== undefined && taken !== element) return [];
    if (taken === undefined) membership = new Map(membership).set(array, element);
  }
  return [{ field, membership }];
}
