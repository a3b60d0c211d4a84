import { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { SnsPublisher } from '../../../functions/adapters/sns.ts';

function aClient(send: (input: unknown) => unknown) {
  return Object.assign(new SNSClient({ region: 'eu-central-1' }), {
    send: async (command: { input: unknown }) => send(command.input),
  });
}
const topics = { high: 'arn:high', low: 'arn:low' };
const message = { incidentId: 'inc-1', kind: 'needs-human' } as const;
const text = { subject: 'subject', message: 'text', sms: 'short' };

describe('SnsPublisher', () => {
  it.each([
    ['high', 'arn:high'],
    ['low', 'arn:low'],
  ] as const)('publishes %s urgency to its own topic, with attributes to filter by', async (urgency, arn) => {
    const inputs: unknown[] = [];
    const publisher = new SnsPublisher(
      aClient((input) => (inputs.push(input), { MessageId: 'm-1' })),
      topics,
    );
    expect(await publisher.publish(urgency, message, text)).toBe('m-1');
    expect(inputs).toEqual([
      {
        TopicArn: arn,
        Subject: 'subject',
        Message: '{"default":"text","sms":"short"}',
        MessageStructure: 'json',
        MessageAttributes: {
          incident_id: { DataType: 'String', StringValue: 'inc-1' },
          urgency: { DataType: 'String', StringValue: urgency },
          kind: { DataType: 'String', StringValue: 'needs-human' },
        },
      },
    ]);
  });

  it('throws what SNS throws', async () => {
    const publisher = new SnsPublisher(
      aClient(() => {
        throw new Error('Throttled');
      }),
      topics,
    );
    await expect(publisher.publish('high', message, text)).rejects.toThrow('Throttled');
  });
});
