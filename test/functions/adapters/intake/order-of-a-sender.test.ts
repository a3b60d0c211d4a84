import { describe, expect, it } from 'vitest';
import { MemoryTable } from '../../../../cli/triage/memory-table.ts';
import type { Alert } from '../../../../functions/domain/alert.ts';
import { aTriage } from '../../triage-alert/a-triage.ts';
import { decisionsOf, receivedAlert } from './received-alerts.ts';

/** What a sender says of one trouble by its mapping, as it came on the bus in a request of its own. */
function saidAt(at: string, event_action: string, timestamp: unknown, id: string): Alert {
  const piece = { dedup_key: 'disk', summary: 'disk is full', event_action, timestamp };
  return receivedAlert({ id, format: 'custom', integration: 'nas', at, piece });
}

const [first, second, third] = ['2026-11-02T03:00:00.000Z', '2026-11-02T03:10:00.000Z', '2026-11-02T03:20:00.000Z'];

/** When the trouble began, which some senders tell in its resolve as well. */
const began = '2026-11-02T02:59:00Z';

describe('what a sender says of one trouble', () => {
  it.each<[string, unknown]>([
    ['of a clock that was never set', '1970-01-01T00:00:12Z'],
    ['of 0', 0],
    ['of Go’s zero time', '0001-01-01T00:00:00Z'],
  ])('with a time %s is ordered by when it came', async (_what, time) => {
    const decided = await decisionsOf(saidAt(first, 'down', time, 'b'), saidAt(second, 'up', time, 'a'));
    expect(decided).toEqual(['open (new-trouble)', 'resolve (cleared)']);
  });

  it.each([
    ['a', 'b', 'c'],
    ['c', 'b', 'a'],
  ])(
    'with one time for all of it is ordered by when it came, whatever its events are called (%s %s %s)',
    async (...ids) => {
      const [one, two, three] = ids;
      const decided = await decisionsOf(
        saidAt(first, 'down', began, one),
        saidAt(second, 'up', began, two),
        saidAt(third, 'down', began, three),
      );
      expect(decided).toEqual(['open (new-trouble)', 'resolve (cleared)', 'open (new-trouble)']);
    },
  );

  it('with one time for all of it is newer than what was remembered by the id of its event alone', async () => {
    const { take } = aTriage(new MemoryTable(), { settle_seconds: 0 });
    const trigger = saidAt(first, 'down', began, 'a');
    const eventId = 'ffffffff-0000-4000-8000-000000000000';
    await take({ ...trigger, origin: { ...trigger.origin, event_id: eventId } }, new Date(first));
    const { decision } = await take(saidAt(second, 'up', began, 'a'), new Date(second));
    expect(decision).toBe('resolve');
  });

  it('with one time for all of it is late where it overtook what came after it', async () => {
    const decided = await decisionsOf(saidAt(second, 'up', began, 'a'), saidAt(first, 'down', began, 'b'));
    expect(decided).toEqual(['record (nothing-open)', 'record (late)']);
  });

  it('with one time for all of it is said again when only its action is the same', async () => {
    const decided = await decisionsOf(saidAt(first, 'down', began, 'a'), saidAt(second, 'down', began, 'b'));
    expect(decided).toEqual(['open (new-trouble)', 'drop (duplicate)']);
  });
});
