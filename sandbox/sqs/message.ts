import { createHash } from 'node:crypto';

/** One attribute of a message, with SQS's own members; binary values are base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** The attributes of a message by name. */
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

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

/** The bytes that count against the limit: the body, and name, type and value of each attribute. */
export function sizeOfMessage({ body, attributes }: Pick<NewMessage, 'body' | 'attributes'>): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, { DataType, StringValue, BinaryValue = '' }]) =>
      bytes +
      Buffer.byteLength(name + DataType) +
      (StringValue === undefined ? Buffer.from(BinaryValue, 'base64').length : Buffer.byteLength(StringValue)),
    Buffer.byteLength(body),
  );
}

function withLength(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
