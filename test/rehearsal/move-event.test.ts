import { describe, expect, it } from 'vitest';
import { moveEvent } from '../../rehearsal/move-event.ts';

const nowMs = Date.parse('2026-12-02T04:00:04Z');

describe('moveEvent', () => {
  it('moves every moment by as much as the time of the event, each in its own spelling', () => {
    const detail = {
      at: '2026-11-02T02:59:40Z',
      of: ['2026-11-02T03:00:03.997+0000'],
      health: 'Mon, 02 Nov 2026 02:58:00 GMT',
      text: 'on Monday',
    };
    expect(moveEvent({ time: '2026-11-02T03:00:04Z', detail }, nowMs)).toMatchObject({
      time: '2026-12-02T04:00:04Z',
      detail: {
        at: '2026-12-02T03:59:40Z',
        of: ['2026-12-02T04:00:03.997+0000'],
        health: 'Wed, 02 Dec 2026 03:58:00 GMT',
        text: 'on Monday',
      },
    });
  });

  it('leaves an event without a time as it is, but for its id', () => {
    const event = { id: 'as it was', detail: { at: '2026-11-02T02:59:40Z' } };
    const { id, ...moved } = moveEvent(event, nowMs);
    expect(moved).toEqual({ detail: event.detail });
    expect(id).not.toBe(event.id);
  });
});
