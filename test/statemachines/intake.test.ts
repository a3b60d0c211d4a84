import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Retrier {
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds?: number;
  /** Errors that come back at once, so that a try costs no time of its own. */
  readonly ErrorEquals: readonly string[];
}

interface Machine {
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, { readonly TimeoutSeconds?: number; readonly Retry?: readonly Retrier[] }>>;
}

const intake: Machine = JSON.parse(readFileSync('statemachines/intake.asl.json', 'utf8'));
/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: an Express execution takes 5 minutes at the most. */
const expressSeconds = 300;

function delaysOf({ IntervalSeconds = 1, BackoffRate = 2, MaxAttempts, MaxDelaySeconds = Number.MAX_VALUE }: Retrier) {
  const delays = Array.from({ length: MaxAttempts }, (_, n) =>
    Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** n),
  );
  return delays.reduce((sum, delay) => sum + delay, 0);
}

/** Seconds that a state takes when every try of every retrier runs into its timeout, or into its longest delay. */
function worstCaseOf(name: string): number {
  const { TimeoutSeconds = Number.NaN, Retry = [] } = intake.States[name] ?? {};
  const isSlow = ({ ErrorEquals }: Retrier) => ErrorEquals.includes('States.Timeout');
  const slowTries = 1 + Retry.filter(isSlow).reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0);
  return slowTries * TimeoutSeconds + Retry.reduce((sum, retrier) => sum + delaysOf(retrier), 0);
}

describe('intake', () => {
  it('has told and kept an event that it cannot process before an Express execution is over', () => {
    const states = ['Triage Alert', 'Start Response', 'Tell People Directly', 'Quarantine Event'];
    const seconds = states.map(worstCaseOf);
    expect(seconds.every((value) => value > 0)).toBe(true);
    expect(seconds.reduce((sum, value) => sum + value, 0)).toBeLessThan(expressSeconds);
    expect(intake.TimeoutSeconds).toBe(expressSeconds);
  });
});
