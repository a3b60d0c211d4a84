import { AwsError, type AwsCall } from '../aws.ts';
import { isRecord, type Members, readMembers } from '../members.ts';
import {
  ATTRIBUTE_NAME,
  type MessageAttribute,
  type MessageAttributes,
  type NewMessage,
  sizeOfMessage,
} from './message.ts';

/**
 * The largest message, and the largest batch: 1 MiB since August 2025.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MAX_MESSAGE_BYTES = 1_048_576;
const MAX_ATTRIBUTES = 10;
const MAX_DELAY_SECONDS = 900;
const DATA_TYPE = /^(String|Number|Binary)(\..+)?$/;

/** Reads one message to send. Throws the `AwsError` that SQS gives for one it does not take. */
export function readNewMessage(input: Members, principal: AwsCall['principal'], maximumBytes: number): NewMessage {
  const { MessageBody: body, MessageGroupId: groupId, DelaySeconds } = input;
  if (typeof body !== 'string' || body === '')
    throw new AwsError('MissingRequiredParameterException', 'The request must contain the parameter MessageBody.');
  refuseCharacters(body);
  if (input['MessageDeduplicationId'] !== undefined)
    throw invalid('The request includes a parameter that is not valid for this queue type: MessageDeduplicationId.');
  const attributes = readAttributes(input['MessageAttributes']);
  const message: NewMessage = {
    body,
    attributes,
    systemAttributes: readAttributes(input['MessageSystemAttributes']),
    senderId: principal.arn,
    ...(typeof groupId === 'string' ? { groupId } : {}),
    ...(DelaySeconds === undefined
      ? {}
      : { delaySeconds: readSeconds('DelaySeconds', DelaySeconds, MAX_DELAY_SECONDS) }),
  };
  if (sizeOfMessage(body, attributes) <= maximumBytes) return message;
  const reason = `Message must be shorter than ${maximumBytes} bytes.`;
  throw invalid(`One or more parameters cannot be validated. Reason: ${reason}`);
}

/** A number of seconds from 0 to `max`. Throws InvalidParameterValueException. */
export function readSeconds(name: string, value: unknown, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max) return value;
  const reason = `Must be >= 0 and <= ${max}, if provided.`;
  throw invalid(`Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`);
}

/** The error for a value that SQS does not take. */
export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

function refuseCharacters(body: string): void {
  if (/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(body)) return;
  throw new AwsError('InvalidMessageContents', 'The message contains characters outside the allowed set.');
}

function readAttributes(value: unknown): MessageAttributes {
  const entries = Object.entries(readMembers(value));
  if (entries.length > MAX_ATTRIBUTES)
    throw invalid(`Number of message attributes [${entries.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`);
  return Object.fromEntries(entries.map(([name, attribute]) => [name, readAttribute(name, attribute)]));
}

function readAttribute(name: string, value: unknown): MessageAttribute {
  const { DataType, StringValue, BinaryValue } = isRecord(value) ? value : {};
  if (!ATTRIBUTE_NAME.test(name)) throw invalid(`Message attribute name '${name}' is invalid.`);
  if (typeof DataType !== 'string' || !DATA_TYPE.test(DataType))
    throw invalid(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  const content = DataType.startsWith('Binary') ? BinaryValue : StringValue;
  if (typeof content !== 'string' || content === '')
    throw invalid(`The message (user) attribute '${name}' must contain a non-empty value of type '${DataType}'.`);
  return DataType.startsWith('Binary') ? { DataType, BinaryValue: content } : { DataType, StringValue: content };
}
