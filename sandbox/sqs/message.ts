import { createHash } from 'node:crypto';
import { readMembers, readText } from '../members.ts';

/** One attribute of a message, as SQS and SNS have it; binary values are base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** The attributes of a message by name. */
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** The names that attributes may have. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
export const ATTRIBUTE_NAME = /^(?!aws\.|amazon\.|\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i;

/** What a sender gives. */
export interface NewMessage {
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly systemAttributes: MessageAttributes;
  readonly groupId?: string;
  readonly delaySeconds?: number;
  readonly senderId: string;
}

/** A message as it stands in a queue. */
export interface Message extends NewMessage {
  readonly id: string;
  /** Virtual time in epoch milliseconds. */
  readonly sentAt: number;
  readonly deadLetterSourceArn?: string;
}

/** The MD5 of a text in hexadecimal. */
export function md5(text: string | Buffer): string {
  return createHash('md5').update(text).digest('hex');
}

/**
 * The MD5 that SDK clients compare, over names, types and values in the order of the names; undefined for none.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).toSorted();
  if (names.length === 0) return undefined;
  const parts = names.flatMap((name) => {
    const { DataType = '', StringValue, BinaryValue = '' } = attributes[name] ?? {};
    const isText = StringValue !== undefined;
    const value = isText ? Buffer.from(StringValue) : Buffer.from(BinaryValue, 'base64');
    return [withLength(name), withLength(DataType), Buffer.from([isText ? 1 : 2]), withLength(value)];
  });
  return md5(Buffer.concat(parts));
}

/** The bytes that count against the limit, whether or not they are valid: the body, and name, type and value of each attribute. */
export function sizeOfMessage(body: unknown, attributes: unknown): number {
  return Object.entries(readMembers(attributes)).reduce(
    (bytes, [name, attribute]) => {
      const { DataType, StringValue, BinaryValue } = readMembers(attribute);
      const text = Buffer.byteLength(name + readText(DataType) + readText(StringValue));
      return bytes + text + Buffer.from(readText(BinaryValue), 'base64').length;
    },
    Buffer.byteLength(readText(body)),
  );
}

function withLength(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
