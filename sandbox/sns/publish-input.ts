import { AwsError } from '../aws.ts';
import { isRecord, type Members, readMembers } from '../members.ts';
import { ATTRIBUTE_NAME, type MessageAttribute, type MessageAttributes, sizeOfMessage } from '../sqs/message.ts';

/** What a caller publishes, read and found valid. */
export interface Publication {
  readonly subject: string | undefined;
  /** As given: for `MessageStructure: json`, the JSON. */
  readonly message: string;
  readonly attributes: MessageAttributes;
  /** The text for a protocol: its own in a JSON message, else the default. */
  textFor(protocol: string): string;
}

/** Of one message, and of one batch: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const MAX_MESSAGE_BYTES = 262_144;
/** AWS documents "less than 100" and takes exactly 100. */
const MAX_SUBJECT_CHARACTERS = 100;
const SUBJECT = /^[!-~][ -~]*$/;
const DATA_TYPES = ['String', 'String.Array', 'Number', 'Binary'];

/** Reads the input of Publish, or one entry of PublishBatch. Throws InvalidParameterException. */
export function readPublication(input: Members): Publication {
  const { Subject, Message, MessageStructure } = input;
  const subject = readSubject(Subject);
  if (typeof Message !== 'string' || Message === '') throw invalid('Empty message');
  const attributes = readAttributes(input['MessageAttributes']);
  if (sizeOfMessage(Message, attributes) > MAX_MESSAGE_BYTES) throw invalid('Message too long');
  return { subject, message: Message, attributes, textFor: readTexts(Message, MessageStructure) };
}

/** The error for a parameter that SNS does not take. */
export function invalid(what: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: ${what}`);
}

function readSubject(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.length <= MAX_SUBJECT_CHARACTERS && SUBJECT.test(value)) return value;
  throw invalid('Subject');
}

function readTexts(message: string, structure: unknown): Publication['textFor'] {
  if (structure === undefined || structure === null) return () => message;
  if (structure !== 'json') throw invalid('MessageStructure');
  const texts = readJson(message);
  const text = texts['default'];
  if (typeof text !== 'string') throw invalid('Message Structure - No default entry in JSON message body');
  return (protocol) => {
    const own = texts[protocol];
    return typeof own === 'string' ? own : text;
  };
}

function readJson(message: string): Members {
  try {
    return readMembers(JSON.parse(message));
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('Message Structure - JSON message body failed to parse');
    throw error;
  }
}

function readAttributes(value: unknown): MessageAttributes {
  const entries = Object.entries(readMembers(value));
  return Object.fromEntries(entries.map(([name, attribute]) => [name, readAttribute(name, attribute)]));
}

function readAttribute(name: string, value: unknown): MessageAttribute {
  const { DataType, StringValue, BinaryValue } = isRecord(value) ? value : {};
  if (!ATTRIBUTE_NAME.test(name)) throw invalid(`Invalid attribute name '${name}'`);
  if (typeof DataType !== 'string' || !DATA_TYPES.includes(DataType))
    throw invalid(`The message attribute '${name}' has an invalid message attribute type`);
  const content = DataType === 'Binary' ? BinaryValue : StringValue;
  if (typeof content !== 'string' || content === '')
    throw invalid(`The message attribute '${name}' must contain non-empty message attribute value`);
  return DataType === 'Binary' ? { DataType, BinaryValue: content } : { DataType, StringValue: content };
}
