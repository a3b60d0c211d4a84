import { describe, expect, it } from 'vitest';
import { type Automation, automationStateOf } from '../../../functions/adapters/automation.ts';
import type { WaitStore } from '../../../functions/adapters/wait-store.ts';
import { checkAutomation } from '../../../functions/check-automation/check.ts';

/** Asks about an automation that SSM says these statuses of, one after the other; answers how often it was cancelled too. */
async function check(...statuses: string[]) {
  let cancelled = 0;
  const automation = {
    look: async () => automationStateOf(statuses.shift() ?? 'unknown', ''),
    cancel: async () => {
      cancelled += 1;
    },
  } as unknown as Automation;
  const waits = {
    find: async () => ({ token: 't', incident_id: 'inc-1', execution_id: 'e-1' }),
  } as unknown as WaitStore;
  const answer = await checkAutomation('inc-1', 'repair', { automation, waits }).catch((error: Error) => error.name);
  return [answer, cancelled];
}

describe('checkAutomation', () => {
  it.each([
    ['that has succeeded', ['Success'], { execution_id: 'e-1', status: 'Success' }, 0],
    ['that has failed', ['Failed'], 'AutomationFailedError', 0],
    ['that still runs, and is cancelled at once', ['InProgress', 'Cancelled'], 'AutomationTimedOutError', 1],
    ['that SSM is still cancelling', ['InProgress', 'Cancelling'], 'AutomationStoppingError', 1],
    [
      'that was being cancelled before, and is no second time',
      ['Cancelling', 'Cancelling'],
      'AutomationStoppingError',
      0,
    ],
    ['that was cancelled since', ['Cancelled'], 'AutomationTimedOutError', 0],
    ['that came to its end before it could be cancelled', ['InProgress', 'Success'], { status: 'Success' }, 1],
  ])('tells of one %s', async (_what, statuses, answer, cancelled) => {
    const [told, times] = await check(...statuses);
    if (typeof answer === 'string') expect(told).toBe(answer);
    else expect(told).toMatchObject(answer);
    expect(times).toBe(cancelled);
  });
});
