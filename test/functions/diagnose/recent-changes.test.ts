import { describe, expect, it } from 'vitest';
import type { FoundChanges } from '../../../functions/adapters/resource-changes.ts';
import { recentChanges } from '../../../functions/diagnose/diagnostics/recent-changes.ts';
import { anAlert } from '../../support/an-alert.ts';

const now = new Date('2026-11-02T03:00:00Z');
const stopped = { event_name: 'StopInstances', by: 'kim', at: '2026-11-02T02:50:00.000Z' };
const denied = { ...stopped, by: 'mallory', error_code: 'Client.UnauthorizedOperation' };

/** The finding where CloudTrail knows these changes. */
async function findingOf(found: Partial<FoundChanges>) {
  const changes = { between: async () => ({ made: [], refused: [], ...found }) };
  return recentChanges(changes)(anAlert(), now);
}

describe('recentChanges', () => {
  it('names who changed the resource', async () => {
    expect(await findingOf({ made: [stopped], refused: [denied] })).toEqual({
      verdict: 'unhealthy',
      summary: 'Changed in the last 60 minutes: StopInstances by kim at 2026-11-02T02:50:00.000Z.',
      evidence: [
        'StopInstances by kim at 2026-11-02T02:50:00.000Z',
        'StopInstances by mallory at 2026-11-02T02:50:00.000Z, refused: Client.UnauthorizedOperation',
      ],
    });
  });

  it('takes a call that was refused for no change, and tells of it', async () => {
    expect(await findingOf({ refused: [denied] })).toEqual({
      verdict: 'healthy',
      summary:
        'CloudTrail names no change of it in the last 60 minutes; tried was StopInstances by mallory at 2026-11-02T02:50:00.000Z, refused: Client.UnauthorizedOperation.',
      evidence: ['StopInstances by mallory at 2026-11-02T02:50:00.000Z, refused: Client.UnauthorizedOperation'],
    });
  });

  it('is healthy where nobody changed anything', async () => {
    expect(await findingOf({})).toEqual({
      verdict: 'healthy',
      summary: 'CloudTrail names no change of it in the last 60 minutes.',
    });
  });
});
