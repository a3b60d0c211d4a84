import type { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { describe, expect, it } from 'vitest';
import { ResourceChanges } from '../../../functions/adapters/resource-changes.ts';

const from = new Date('2026-11-02T03:00:00.000Z');
const to = new Date('2026-11-02T04:00:00.000Z');

function aTrail(pages: readonly object[]) {
  const asked: unknown[] = [];
  const send = async ({ input }: LookupEventsCommand) => {
    asked.push(input);
    return pages[asked.length - 1] ?? {};
  };
  return { asked, changes: new ResourceChanges({ send } as unknown as CloudTrailClient) };
}

describe('ResourceChanges', () => {
  it('gives what was changed, and by whom, from every page', async () => {
    const { asked, changes } = aTrail([
      {
        Events: [{ EventName: 'StopInstances', Username: 'kim', EventTime: to, ReadOnly: 'false' }],
        NextToken: 'more',
      },
      {
        Events: [
          { EventName: 'DescribeInstances', ReadOnly: 'true' },
          { EventName: 'CreateTags', EventTime: from },
        ],
      },
    ]);
    expect(await changes.between('i-1', from, to)).toEqual([
      { event_name: 'StopInstances', by: 'kim', at: to.toISOString() },
      { event_name: 'CreateTags', by: 'unknown', at: from.toISOString() },
    ]);
    expect(asked).toEqual([
      expect.objectContaining({ StartTime: from, EndTime: to }),
      expect.objectContaining({ NextToken: 'more' }),
    ]);
  });

  it('stops reading after 200 events: CloudTrail allows few look-ups', async () => {
    const Events = [{ EventName: 'CreateTags', EventTime: from }];
    const { asked, changes } = aTrail(Array.from({ length: 10 }, () => ({ Events, NextToken: 'more' })));
    expect(await changes.between('i-1', from, to)).toHaveLength(4);
    expect(asked).toHaveLength(4);
  });

  it('takes nobody for idle where many only looked and there is more to read', async () => {
    const Events = [{ EventName: 'DescribeDBInstances', ReadOnly: 'true' }];
    const { changes } = aTrail(Array.from({ length: 10 }, () => ({ Events, NextToken: 'more' })));
    await expect(changes.between('orders', from, to)).rejects.toMatchObject({ name: 'TooManyEventsError' });
  });
});
