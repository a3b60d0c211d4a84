import { describe, expect, it } from 'vitest';
import {
  type Breaker,
  breakerAfter,
  breakerEffectOf,
  failuresOf,
  openedBy,
  openingSentence,
} from '../../../functions/domain/breaker.ts';
import type { RemediationEnding } from '../../../functions/domain/remediation-outcome.ts';

const at = '2026-11-02T03:00:00.000Z';
const closed: Breaker = { revision: 'r1', failures: [] };

function after(endings: readonly RemediationEnding[], before = closed, revision = 'r1'): Breaker {
  return endings.reduce(
    (breaker, ending, index) =>
      breakerAfter(breaker, breakerEffectOf(ending, false), revision, { incident: `inc-${index}`, at }) ?? breaker,
    before,
  );
}

describe('the breaker of a runbook', () => {
  it.each<[RemediationEnding, string]>([
    ['recovered', 'closes'],
    ['contained', 'closes'],
    ['unproven', 'fails'],
    ['refused', 'none'],
    ['proposed', 'none'],
    ['automation-failed', 'fails'],
    ['not-helped', 'fails'],
    ['undone', 'fails'],
    ['undo-failed', 'fails'],
    ['unknown', 'fails'],
  ])('takes %s for %s', (ending, effect) => {
    expect(breakerEffectOf(ending, false)).toBe(effect);
  });

  it('does not take for a failure what somebody resolved before it was proven', () => {
    expect(breakerEffectOf('unproven', true)).toBe('none');
    expect(breakerEffectOf('not-helped', true)).toBe('fails');
  });

  it('opens at the last of so many failures in a row, and stays with the one that opened it', () => {
    expect(openedBy(after(['undone', 'not-helped']), 'r1', 3)).toBeUndefined();
    expect(openedBy(after(['undone', 'not-helped', 'unknown']), 'r1', 3)?.incident).toBe('inc-2');
    expect(openedBy(after(['undone', 'not-helped', 'unknown', 'undone']), 'r1', 3)?.incident).toBe('inc-2');
  });

  it('counts beyond its limit, but not without end', () => {
    const { failures } = after(Array.from({ length: 101 }, () => 'undone'));
    expect(failures).toHaveLength(100);
    expect(failures.at(-1)?.incident).toBe('inc-99');
  });

  it.each<RemediationEnding>(['recovered', 'contained'])('counts from nothing after one that %s', (good) => {
    expect(after(['undone', 'undone', good, 'undone', 'undone']).failures).toHaveLength(2);
  });

  it('counts nothing where nothing was tried', () => {
    expect(breakerAfter(after(['undone']), 'none', 'r1', { incident: 'inc-9', at })).toBeUndefined();
    expect(breakerAfter(closed, 'closes', 'r1', { incident: 'inc-9', at })).toBeUndefined();
  });

  it('is closed by a new deployment, whose failures count from nothing', () => {
    const opened = after(['undone', 'undone', 'undone']);
    expect(openedBy(opened, 'r2', 3)).toBeUndefined();
    expect(failuresOf(after(['undone'], opened, 'r2'), 'r2')).toHaveLength(1);
  });

  it('says how the runbook comes to act again', () => {
    expect(openingSentence('restart', 3)).toMatch(/^That was repair 3 in a row .* deletes the item BREAKER#restart/);
    expect(openingSentence('restart', 1)).toMatch(/^That was a repair of the runbook restart/);
  });
});
