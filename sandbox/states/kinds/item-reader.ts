import { AwsError } from '../../aws.ts';
import { asText, isObject, type Json, type JsonObject, parseJson } from '../json.ts';
import { sandboxError, StateError } from '../state-error.ts';
import type { StateFrame } from '../state-frame.ts';
import { DELIMITERS, nameFields, readRows } from './csv.ts';
import { readLimit } from './read-limit.ts';

/** What `ItemReader` may call: an object's content, or the list of a bucket's objects. */
export const READERS: ReadonlyMap<string, string> = new Map([
  ['arn:aws:states:::s3:getObject', 'GetObject'],
  ['arn:aws:states:::s3:listObjectsV2', 'ListObjectsV2'],
]);

/** Most items that a Map reads. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html */
const MAX_ITEMS = 100_000_000;

/**
 * Reads the items of a distributed Map from S3, as `ItemReader` says: the objects of a bucket, or JSON, JSON Lines or CSV.
 * Throws a `States.ItemReaderFailed` for what cannot be read. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
export async function readDataset(frame: StateFrame, input: Json): Promise<readonly Json[]> {
  const { ItemReader = {} } = frame.state;
  const config = isObject(ItemReader['ReaderConfig']) ? ItemReader['ReaderConfig'] : {};
  const operation = READERS.get(asText(ItemReader['Resource'])) ?? 'GetObject';
  const most = await readMost(frame, config, input);
  const template = ItemReader['Arguments'] ?? ItemReader['Parameters'] ?? {};
  const parameters = await frame.language.fill(frame, template, 'ItemReader/Arguments', input);
  const request = isObject(parameters) ? parameters : {};
  const items =
    operation === 'ListObjectsV2'
      ? await listObjects(frame, request)
      : await parseContent(frame, (await callS3(frame, operation, request))['Body'] ?? '', config, input);
  return items.slice(0, most);
}

async function readMost(frame: StateFrame, config: JsonObject, input: Json): Promise<number> {
  const most = (await readLimit(frame, config, 'MaxItems', 'ItemReader/ReaderConfig', input)) ?? 0;
  if (most < 0) throw readerFailure('field MaxItems must be positive');
  return most === 0 ? MAX_ITEMS : Math.min(most, MAX_ITEMS);
}

async function listObjects(frame: StateFrame, request: JsonObject): Promise<readonly Json[]> {
  const found: Json[] = [];
  let more: JsonObject = {};
  do {
    const { Contents, NextContinuationToken } = await callS3(frame, 'ListObjectsV2', { ...request, ...more });
    if (Array.isArray(Contents)) found.push(...(Contents as readonly Json[]));
    more = NextContinuationToken === undefined ? {} : { ContinuationToken: NextContinuationToken };
  } while ('ContinuationToken' in more);
  return found;
}

async function callS3(frame: StateFrame, operation: string, input: JsonObject): Promise<JsonObject> {
  const { engine, execution } = frame.branch;
  const principal = { kind: 'role', arn: execution.machine.roleArn } as const;
  try {
    const output: unknown = await engine.call({ service: 's3', operation, input, principal });
    return isObject(output) ? output : {};
  } catch (error) {
    if (error instanceof AwsError) throw readerFailure(error.message);
    throw sandboxError(error);
  }
}

async function parseContent(frame: StateFrame, body: Json, config: JsonObject, input: Json): Promise<readonly Json[]> {
  switch (config['InputType']) {
    case 'CSV':
      return parseCsv(asText(body), config, await readHeaders(frame, config, input));
    case 'JSONL':
      return asText(body)
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(parseItem);
    default:
      return parseArray(typeof body === 'string' ? parseItem(body) : body, config['ItemsPointer']);
  }
}

async function readHeaders(frame: StateFrame, config: JsonObject, input: Json): Promise<readonly string[] | undefined> {
  if (config['CSVHeaderLocation'] !== 'GIVEN') return undefined;
  const given = await frame.language.fill(
    frame,
    config['CSVHeaders'] ?? [],
    'ItemReader/ReaderConfig/CSVHeaders',
    input,
  );
  return Array.isArray(given) ? given.map((name: Json) => asText(name)) : [];
}

function parseCsv(text: string, config: JsonObject, given: readonly string[] | undefined): readonly Json[] {
  const delimiter = DELIMITERS.get(asText(config['CSVDelimiter'] ?? 'COMMA')) ?? ',';
  const rows = readRows(text.replace(/^\ufeff/, ''), delimiter);
  const headers = given ?? rows[0] ?? [];
  const named = headers.filter((name) => name !== '');
  if (new Set(named).size < named.length) throw readerFailure('CSV headers cannot contain duplicates.');
  return nameFields(headers, given ? rows : rows.slice(1));
}

function parseItem(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    throw readerFailure(`The content is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseArray(content: Json, pointer: Json | undefined): readonly Json[] {
  let found: Json | undefined = content;
  for (const part of asText(pointer ?? '')
    .split('/')
    .slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  if (Array.isArray(found)) return found;
  throw readerFailure('Attempting to map over non-iterable node.');
}

function readerFailure(cause: string): StateError {
  return new StateError({ error: 'States.ItemReaderFailed', cause });
}
