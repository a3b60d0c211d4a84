import { countCharacters, isObject, type Json, type JsonObject } from '../json.ts';
import { DELIMITERS } from '../kinds/csv.ts';
import { READERS } from '../kinds/item-reader.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';
import type { MachineType } from '../machine.ts';
import { checkForm } from './field-form.ts';
import { type Problem, schemaProblem, unsupportedProblem, unknownFields } from './problem.ts';
import { listStates, type ScopeSite, type StateSite } from './site.ts';

const OWN_FIELDS = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'];
/** Longest `Label`, in characters. https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html */
const MAX_LABEL_LENGTH = 40;
// White space, wildcards, brackets, special and control characters.
// oxlint-disable-next-line no-control-regex
const FORBIDDEN_IN_LABEL = /[\s?*<>{}[\]:;,\\|^~$#%&`"/\u0000-\u001f\u007f-\u009f]/;
const INPUT_TYPES = ['CSV', 'JSON', 'JSONL', 'MANIFEST', 'PARQUET'];
const READABLE = ['CSV', 'JSON', 'JSONL'];

/** Checks what only Maps in DISTRIBUTED mode have. https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html */
export function checkDistributed(scope: ScopeSite, type: MachineType): readonly Problem[] {
  const maps = listStates(scope).filter((site) => site.type === 'Map');
  return [...maps.flatMap((site) => checkMap(site, type)), ...checkLabels(maps)];
}

/** True for a Map whose processor runs in executions of its own. */
export function isDistributedSite({ state }: StateSite): boolean {
  return configOf(state)['Mode'] === 'DISTRIBUTED';
}

/** The `ProcessorConfig` of a Map, or an empty one. */
export function configOf(state: JsonObject): JsonObject {
  const processor = state['ItemProcessor'] ?? state['Iterator'];
  const config = isObject(processor) ? processor['ProcessorConfig'] : undefined;
  return isObject(config) ? config : {};
}

function checkMap(site: StateSite, type: MachineType): readonly Problem[] {
  const { state, path } = site;
  if (!isDistributedSite(site)) {
    return OWN_FIELDS.filter((name) => state[name] !== undefined).map((name) =>
      schemaProblem(`${path}/${name}`, `Field '${name}' is only supported in DISTRIBUTED mode`),
    );
  }
  return [
    ...(type === 'EXPRESS' ? [schemaProblem(path, 'Express state machine does not support DISTRIBUTED mode')] : []),
    ...(state['ResultWriter'] === undefined
      ? []
      : [unsupportedProblem(`${path}/ResultWriter`, 'the field ResultWriter')]),
    ...(isObject(state['ItemReader']) ? checkReader(site, state['ItemReader']) : []),
    ...(isObject(state['ItemBatcher']) ? checkBatcher(site, state['ItemBatcher']) : []),
  ];
}

function checkLabels(maps: readonly StateSite[]): readonly Problem[] {
  const seen = new Set<Json>();
  return maps.flatMap(({ state: { Label }, path }) => {
    if (typeof Label !== 'string') return [];
    const at = `${path}/Label`;
    const isTaken = seen.has(Label);
    seen.add(Label);
    return [
      ...(isTaken ? [schemaProblem(at, `Label must be unique within the state machine: ${Label}`)] : []),
      ...(Label === '' || countCharacters(Label) > MAX_LABEL_LENGTH || FORBIDDEN_IN_LABEL.test(Label)
        ? [schemaProblem(at, `Label must have 1 to ${MAX_LABEL_LENGTH} characters and no special ones`)]
        : []),
    ];
  });
}

function checkReader({ path, language }: StateSite, reader: JsonObject): readonly Problem[] {
  const at = `${path}/ItemReader`;
  const own = language === 'JSONata' ? 'Arguments' : 'Parameters';
  const { Resource, ReaderConfig } = reader;
  const isKnown = typeof Resource === 'string' && READERS.has(Resource);
  return [
    ...unknownFields(at, reader, ['Resource', 'ReaderConfig', own]),
    ...(isKnown ? checkRequest(`${at}/${own}`, reader[own], Resource) : [checkResource(at, Resource)]),
    ...(isObject(ReaderConfig) ? checkReaderConfig(`${at}/ReaderConfig`, ReaderConfig, language === 'JSONata') : []),
    ...(ReaderConfig === undefined || isObject(ReaderConfig)
      ? []
      : checkForm(`${at}/ReaderConfig`, ReaderConfig, 'object', false)),
    ...(isKnown && READERS.get(Resource) === 'GetObject' && !isObject(ReaderConfig)
      ? [schemaProblem(at, 'These fields are required: [ReaderConfig]')]
      : []),
  ];
}

function checkResource(at: string, resource: Json | undefined): Problem {
  if (resource === undefined) return schemaProblem(at, 'These fields are required: [Resource]');
  return schemaProblem(`${at}/Resource`, 'Value is not a valid resource ARN of an ItemReader');
}

/** Only a request that is written out can be checked before it is made. */
function checkRequest(at: string, request: Json | undefined, resource: string): readonly Problem[] {
  if (typeof request === 'string') return [];
  const names = isObject(request) ? Object.keys(request).map((name) => name.replace(/\.\$$/, '')) : [];
  return (READERS.get(resource) === 'GetObject' ? ['Bucket', 'Key'] : ['Bucket'])
    .filter((name) => !names.includes(name))
    .map((name) => schemaProblem(at, `The field '${name}' is required but was missing`));
}

function checkReaderConfig(at: string, config: JsonObject, isJsonata: boolean): readonly Problem[] {
  const { InputType, CSVHeaderLocation, CSVHeaders, CSVDelimiter, MaxItems, MaxItemsPath } = config;
  return [
    ...unknownFields(at, config, [
      'InputType',
      'Transformation',
      'CSVHeaderLocation',
      'CSVHeaders',
      'CSVDelimiter',
      'ItemsPointer',
      'MaxItems',
      ...(isJsonata ? [] : ['MaxItemsPath']),
    ]),
    ...oneOf(at, 'InputType', InputType, INPUT_TYPES),
    ...(typeof InputType === 'string' && INPUT_TYPES.includes(InputType) && !READABLE.includes(InputType)
      ? [unsupportedProblem(`${at}/InputType`, `the input type ${InputType}`)]
      : []),
    ...oneOf(at, 'CSVHeaderLocation', CSVHeaderLocation, ['FIRST_ROW', 'GIVEN']),
    ...oneOf(at, 'CSVDelimiter', CSVDelimiter, [...DELIMITERS.keys()]),
    ...(InputType === 'CSV' && CSVHeaderLocation === undefined
      ? [schemaProblem(at, 'These fields are required: [CSVHeaderLocation]')]
      : []),
    ...(CSVHeaderLocation === 'GIVEN' && CSVHeaders === undefined
      ? [schemaProblem(at, 'These fields are required: [CSVHeaders]')]
      : []),
    ...(CSVHeaders === undefined ? [] : checkForm(`${at}/CSVHeaders`, CSVHeaders, 'array', isJsonata)),
    ...(MaxItems === undefined ? [] : checkForm(`${at}/MaxItems`, MaxItems, 'natural-number', isJsonata)),
    ...(MaxItemsPath === undefined ? [] : checkForm(`${at}/MaxItemsPath`, MaxItemsPath, 'path', false)),
    ...onlyOne(at, config, ['MaxItems', 'MaxItemsPath']),
  ];
}

const BATCH_LIMITS = ['MaxItemsPerBatch', 'MaxInputBytesPerBatch'];

function checkBatcher({ path, language }: StateSite, batcher: JsonObject): readonly Problem[] {
  const at = `${path}/ItemBatcher`;
  const isJsonata = language === 'JSONata';
  const paths = isJsonata ? [] : BATCH_LIMITS.map((name) => `${name}Path`);
  const { BatchInput, MaxInputBytesPerBatch } = batcher;
  return [
    ...unknownFields(at, batcher, ['BatchInput', ...BATCH_LIMITS, ...paths]),
    ...([...BATCH_LIMITS, ...paths].some((name) => batcher[name] !== undefined)
      ? []
      : [schemaProblem(at, `One of these fields is required: [${[...BATCH_LIMITS, ...paths].join(', ')}]`)]),
    ...BATCH_LIMITS.flatMap((name) => [
      ...checkMember(at, batcher, name, (where, value) => checkForm(where, value, 'positive-integer', isJsonata)),
      ...checkMember(at, batcher, `${name}Path`, (where, value) => checkForm(where, value, 'path', false)),
      ...onlyOne(at, batcher, [name, `${name}Path`]),
    ]),
    ...(typeof MaxInputBytesPerBatch === 'number' && MaxInputBytesPerBatch > MAX_PAYLOAD_BYTES
      ? [schemaProblem(`${at}/MaxInputBytesPerBatch`, `Value must be between 1 and ${MAX_PAYLOAD_BYTES}`)]
      : []),
    ...(BatchInput === undefined ? [] : checkForm(`${at}/BatchInput`, BatchInput, 'object', isJsonata)),
  ];
}

function checkMember(
  at: string,
  entry: JsonObject,
  name: string,
  check: (at: string, value: Json) => readonly Problem[],
): readonly Problem[] {
  const value = entry[name];
  return value === undefined ? [] : check(`${at}/${name}`, value);
}

function oneOf(at: string, name: string, value: Json | undefined, known: readonly string[]): readonly Problem[] {
  if (value === undefined || (typeof value === 'string' && known.includes(value))) return [];
  return [schemaProblem(`${at}/${name}`, `The field '${name}' should have one of these values: [${known.join(', ')}]`)];
}

function onlyOne(at: string, entry: JsonObject, names: readonly string[]): readonly Problem[] {
  const present = names.filter((name) => entry[name] !== undefined);
  return present.length > 1 ? [schemaProblem(at, `Only one of these fields is allowed: [${present.join(', ')}]`)] : [];
}
