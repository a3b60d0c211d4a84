import type { RemediationEnding } from './remediation-outcome.ts';

/** A repair that did not recover. */
export interface Failure {
  readonly incident: string;
  /** ISO 8601 with milliseconds. */
  readonly at: string;
}

/** The failures of a runbook in a row, as it was deployed when they happened. */
export interface Breaker {
  /** What was deployed: the hash of its certificate. Failures of another deployment do not count. */
  readonly revision: string;
  readonly failures: readonly Failure[];
}

/** What a repair's end means for the breaker of its runbook. */
export type BreakerEffect = 'fails' | 'closes' | 'none';

const effects: Readonly<Record<RemediationEnding, BreakerEffect>> = {
  recovered: 'closes',
  contained: 'closes',
  unproven: 'fails',
  refused: 'none',
  proposed: 'none',
  'automation-failed': 'fails',
  'not-helped': 'fails',
  undone: 'fails',
  'undo-failed': 'fails',
  unknown: 'fails',
};

/** Where somebody resolved the incident before the repair was proven, nobody waited for whether it helped. */
export function breakerEffectOf(ending: RemediationEnding, isResolved: boolean): BreakerEffect {
  return ending === 'unproven' && isResolved ? 'none' : effects[ending];
}

/** Repairs that were in flight when it opened are counted beyond its limit, but not without end. */
const maxFailures = 100;

/** The breaker after one more end with this effect; undefined where that changes nothing. */
export function breakerAfter(
  before: Breaker,
  effect: BreakerEffect,
  revision: string,
  failure: Failure,
): Breaker | undefined {
  const failures = failuresOf(before, revision);
  switch (effect) {
    case 'none':
      return undefined;
    case 'closes':
      return before.failures.length === 0 ? undefined : { revision, failures: [] };
    case 'fails':
      return { revision, failures: [...failures, failure].slice(0, maxFailures) };
  }
}

/** The failures that count against what is deployed now. */
export function failuresOf(breaker: Breaker, revision: string): readonly Failure[] {
  return breaker.revision === revision ? breaker.failures : [];
}

/** The failure that disabled the runbook; undefined while it may act. */
export function openedBy(breaker: Breaker, revision: string, limit: number): Failure | undefined {
  return failuresOf(breaker, revision)[limit - 1];
}

/** What people are told by the line that disables a runbook. */
export function openingSentence(runbook: string, limit: number): string {
  return `${rowOf(limit)} of the runbook ${runbook} without recovery, so it changes nothing more. ${howToClose(runbook)}`;
}

/** How a runbook comes to act again, as a sentence. */
export function howToClose(runbook: string): string {
  return `It may act again when it is deployed with a change, or when somebody who knows why deletes the item BREAKER#${runbook} of the incident table (docs/operations.md has the command).`;
}

function rowOf(limit: number): string {
  return limit === 1 ? 'That was a repair' : `That was repair ${limit} in a row`;
}
