import { type Members } from '../members.ts';
import { md5, md5OfAttributes, type Message } from './message.ts';
import type { Received } from './queue.ts';

/** One message in an answer of ReceiveMessage, with the attributes that the input asks for. */
export function describeReceived({ message, receiptHandle, receiveCount, firstReceivedAt }: Received, input: Members) {
  const asked = new Set([...readNames(input['AttributeNames']), ...readNames(input['MessageSystemAttributeNames'])]);
  const system = pick(
    {
      SenderId: message.senderId,
      SentTimestamp: String(message.sentAt),
      ApproximateReceiveCount: String(receiveCount),
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      ...describeOptional(message),
    },
    (name) => asked.has('All') || asked.has(name),
  );
  const wanted = readNames(input['MessageAttributeNames']);
  const attributes = pick(message.attributes, (name) => wanted.some((pattern) => covers(pattern, name)));
  const md5OfMessageAttributes = md5OfAttributes(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(Object.keys(system).length > 0 ? { Attributes: system } : {}),
    ...(md5OfMessageAttributes
      ? { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfMessageAttributes }
      : {}),
  };
}

function describeOptional({ groupId, deadLetterSourceArn, systemAttributes }: Message): Record<string, string> {
  const trace = systemAttributes['AWSTraceHeader']?.StringValue;
  return {
    ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
    ...(deadLetterSourceArn === undefined ? {} : { DeadLetterQueueSourceArn: deadLetterSourceArn }),
    ...(trace === undefined ? {} : { AWSTraceHeader: trace }),
  };
}

function covers(pattern: string, name: string): boolean {
  if (pattern === 'All' || pattern === '.*') return true;
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -2)) : pattern === name;
}

function pick<T>(values: Readonly<Record<string, T>>, keeps: (name: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => keeps(name)));
}

function readNames(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
