import type { TimelineEntry } from '../../functions/domain/incident.ts';

/** A line of a timeline; its id follows its kind, with what the test wishes otherwise. */
export function anEntry(wishes: Partial<TimelineEntry> = {}): TimelineEntry {
  const kind = wishes.kind ?? 'triggered';
  return {
    id: kind,
    kind,
    seq: 1,
    at: '2026-11-02T03:00:05.000Z',
    text: `This is what ${kind} says.`,
    by: 'handsoff',
    ...wishes,
  };
}
