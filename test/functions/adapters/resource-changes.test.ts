import type { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { describe, expect, it } from 'vitest';
import { ResourceChanges } from '../../../functions/adapters/resource-changes.ts';

const from = new Date('2026-11-02T03:00:00.000Z');
const to = new Date('2026-11-02T04:00:00.000Z');

const instance = { type: 'AWS::EC2::Instance', id: 'i-1' };

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
    expect(await changes.between(instance, from, to)).toEqual({
      made: [
        { event_name: 'StopInstances', by: 'kim', at: to.toISOString() },
        { event_name: 'CreateTags', by: 'somebody', at: from.toISOString() },
      ],
      refused: [],
    });
    expect(asked).toEqual([
      expect.objectContaining({ StartTime: from, EndTime: to }),
      expect.objectContaining({ NextToken: 'more' }),
    ]);
  });

  it('stops reading after 200 events: CloudTrail allows few look-ups', async () => {
    const pages = Array.from({ length: 10 }, (_, page) => ({
      Events: [{ EventName: 'CreateTags', EventTime: new Date(from.getTime() + page) }],
      NextToken: 'more',
    }));
    const { asked, changes } = aTrail(pages);
    expect((await changes.between(instance, from, to)).made).toHaveLength(4);
    expect(asked).toHaveLength(4);
  });

  it('takes nobody for idle where many only looked and there is more to read', async () => {
    const Events = [{ EventName: 'DescribeDBInstances', ReadOnly: 'true' }];
    const { changes } = aTrail(Array.from({ length: 10 }, () => ({ Events, NextToken: 'more' })));
    await expect(changes.between({ type: 'AWS::RDS::DBInstance', id: 'orders' }, from, to)).rejects.toMatchObject({
      name: 'TooManyEventsError',
    });
  });

  it('puts aside what a service refused, which changed nothing, but nothing that may have been carried out', async () => {
    const anEvent = (EventName: string, errorCode: string) => ({
      EventName,
      Username: 'mallory',
      EventTime: from,
      ReadOnly: 'false',
      CloudTrailEvent: JSON.stringify({ errorCode }),
    });
    const { changes } = aTrail([
      {
        Events: [
          anEvent('StopInstances', 'Client.UnauthorizedOperation'),
          ...['Server.InternalError', 'ServerException', 'SomethingElse'].map((code) =>
            anEvent('RebootInstances', code),
          ),
        ],
      },
    ]);
    const at = from.toISOString();
    expect(await changes.between(instance, from, to)).toEqual({
      made: ['SomethingElse', 'ServerException', 'Server.InternalError'].map((code) => ({
        event_name: 'RebootInstances',
        by: `mallory (it may have failed: ${code})`,
        at,
      })),
      refused: [{ event_name: 'StopInstances', by: 'mallory', at, error_code: 'Client.UnauthorizedOperation' }],
    });
  });

  it('lets nobody hide a change behind many calls that are refused', async () => {
    const CloudTrailEvent = JSON.stringify({ errorCode: 'AccessDenied' });
    const Events = [{ EventName: 'DeleteDBInstance', ReadOnly: 'false', CloudTrailEvent }];
    const { changes } = aTrail(Array.from({ length: 10 }, () => ({ Events, NextToken: 'more' })));
    await expect(changes.between({ type: 'AWS::RDS::DBInstance', id: 'orders' }, from, to)).rejects.toMatchObject({
      name: 'TooManyEventsError',
    });
  });

  it('looks for the id and for the ARN, newest first and each change once: services differ in what they name', async () => {
    const arn = 'arn:aws:sqs:eu-central-1:111122223333:orders';
    const both = { EventName: 'TagQueue', Username: 'kim', EventTime: from, ReadOnly: 'false' };
    const byArn = { EventName: 'SetQueueAttributes', Username: 'kim', EventTime: to, ReadOnly: 'false' };
    const { asked, changes } = aTrail([{ Events: [both] }, { Events: [byArn, both] }]);
    const { made } = await changes.between({ type: 'AWS::SQS::Queue', id: 'orders', arn }, from, to);
    expect(made.map(({ event_name }) => event_name)).toEqual(['SetQueueAttributes', 'TagQueue']);
    expect(asked).toMatchObject([
      { LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'orders' }] },
      { LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: arn }] },
    ]);
  });
});
