import { AwsError, UnsupportedInSandboxError, type AwsCall } from '../aws.ts';
import { isoSeconds } from './bus-event.ts';
import { JsonTextError, readJson } from '../../event-pattern/json-text.ts';

/** One entry of PutEvents as the caller gave it, or what is wrong with it. */
export type PutEventsEntry =
  | {
      readonly source: string;
      readonly detailType: string;
      readonly detail: string;
      /** The name or ARN of the bus. */
      readonly bus: string;
      readonly resources: readonly string[];
      readonly time: string;
    }
  | { readonly errorCode: string; readonly errorMessage: string };

type Members = Readonly<Record<string, unknown>>;

const MAX_ENTRIES = 10;
const MAX_REQUEST_BYTES = 1024 * 1024;
const TIME_BYTES = 14;
const MAX_DETAIL_TYPE_LENGTH = 128;
const REQUIRED = ['Source', 'DetailType', 'Detail'];

/**
 * The entries of a PutEvents request, each told apart as AWS does. Throws `AwsError` for a request that fails as a whole:
 * no entries, more than 10, or 1 MB and more in all (a time counts 14 bytes, texts their UTF-8 bytes).
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function readEntries(input: AwsCall['input'], nowMs: number): readonly PutEventsEntry[] {
  if (input['EndpointId'] !== undefined) throw new UnsupportedInSandboxError('PutEvents to a global endpoint');
  const entries = membersOf(input);
  if (entries.reduce((bytes, entry) => bytes + entryBytes(entry), 0) >= MAX_REQUEST_BYTES) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  return entries.map((entry) => readEntry(entry, nowMs));
}

/** The members of each entry, before anything else about them is checked. Throws `AwsError` for 0 or more than 10. */
export function membersOf(input: AwsCall['input']): readonly Members[] {
  const entries = input['Entries'];
  if (!Array.isArray(entries) || entries.length === 0) throw refuseLength('greater than or equal to 1');
  if (entries.length > MAX_ENTRIES) throw refuseLength(`less than or equal to ${MAX_ENTRIES}`);
  return entries.map((entry: unknown) => ({ ...(typeof entry === 'object' ? entry : {}) }));
}

/** The name or ARN of the bus that an entry goes to. */
export function busOf(entry: Members): string {
  return textOf(entry['EventBusName']) ?? 'default';
}

function refuseLength(bound: string): AwsError {
  const message = `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${bound}`;
  return new AwsError('ValidationException', message);
}

function readEntry(entry: Members, nowMs: number): PutEventsEntry {
  const missing = REQUIRED.find((name) => !textOf(entry[name]));
  if (missing) return invalid(missing, `${missing} is a required argument.`);
  const [source = '', detailType = '', detail = ''] = REQUIRED.map((name) => textOf(entry[name]));
  if (source.startsWith('aws.')) {
    return { errorCode: 'NotAuthorizedForSourceException', errorMessage: 'Not authorized for the source.' };
  }
  if (detailType.length > MAX_DETAIL_TYPE_LENGTH) {
    return invalid('DetailType', `DetailType is longer than ${MAX_DETAIL_TYPE_LENGTH} characters.`);
  }
  if (!isJsonObject(detail)) return { errorCode: 'MalformedDetail', errorMessage: 'Detail is malformed.' };
  const time = entry['Time'] === undefined ? nowMs : epochMsOf(entry['Time']);
  if (Number.isNaN(time)) return invalid('Time', 'Time is not a timestamp.');
  return { source, detailType, detail, bus: busOf(entry), resources: resourcesOf(entry), time: isoSeconds(time) };
}

function invalid(name: string, reason: string): PutEventsEntry {
  return { errorCode: 'InvalidArgument', errorMessage: `Parameter ${name} is not valid. Reason: ${reason}` };
}

function isJsonObject(text: string): boolean {
  try {
    return readJson(text).kind === 'object';
  } catch (error) {
    if (error instanceof JsonTextError) return false;
    throw error;
  }
}

function epochMsOf(time: unknown): number {
  if (time instanceof Date) return time.getTime();
  if (typeof time === 'number') return time * 1000;
  return typeof time === 'string' ? Date.parse(time) : Number.NaN;
}

function resourcesOf(entry: Members): readonly string[] {
  const resources = entry['Resources'];
  return Array.isArray(resources) ? resources.map(String) : [];
}

function entryBytes(entry: Members): number {
  const texts = [...REQUIRED.map((name) => textOf(entry[name]) ?? ''), ...resourcesOf(entry)];
  const textBytes = texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);
  return textBytes + (entry['Time'] === undefined ? 0 : TIME_BYTES);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
