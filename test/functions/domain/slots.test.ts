import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeSlot, type SlotHolder, takeSlot } from '../../../functions/domain/slots.ts';
import { capOf } from '../../../functions/domain/repair-group.ts';

const holder = (incident: string, until = 200): SlotHolder => ({ incident, until });

describe('takeSlot', () => {
  it.each<[string, readonly SlotHolder[], number, number | undefined]>([
    ['the last one', [holder('inc-1')], 2, 2],
    ['none that others hold', [holder('inc-1'), holder('inc-2')], 2, undefined],
    ['one that has expired', [holder('inc-1', 99), holder('inc-2')], 2, 2],
    ['no second one for the same incident', [holder('inc-9'), holder('inc-2')], 2, 2],
  ])('gives %s', (_what, holders, cap, held) => {
    expect(takeSlot(holders, 'inc-9', cap, 100, 300)?.length).toBe(held);
  });

  it('never lets more hold one than the cap, whoever comes and goes in whatever order', () => {
    const step = fc.record({ incident: fc.integer({ min: 0, max: 9 }), takes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (steps, cap) => {
        let holders: readonly SlotHolder[] = [];
        for (const [now, { incident, takes }] of steps.entries()) {
          const name = `inc-${incident}`;
          holders = (takes ? takeSlot(holders, name, cap, now, now + 20) : freeSlot(holders, name)) ?? holders;
          expect(holders.length).toBeLessThanOrEqual(cap);
        }
      }),
    );
  });
});

describe('freeSlot', () => {
  it('gives back what the incident holds, and nothing of others', () => {
    expect(freeSlot([holder('inc-1'), holder('inc-2')], 'inc-1')).toEqual([holder('inc-2')]);
    expect(freeSlot([holder('inc-2')], 'inc-1')).toBeUndefined();
  });
});

describe('capOf', () => {
  it.each([
    [20, 10, 2],
    [19, 10, 1],
    [3, 10, 1],
    [0, 50, 1],
    [7, 100, 7],
  ])('lets of %i members at %i%% be in repair %i at once', (size, percent, cap) => {
    expect(capOf({ id: 'auto-scaling-group:web', size }, { of: 'auto-scaling-group', percent })).toBe(cap);
  });
});
