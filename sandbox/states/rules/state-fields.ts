/** What a field holds. `number` and `text` fields also take a JSONata expression in a JSONata state. */
export type FieldForm =
  | 'any'
  | 'array'
  | 'boolean'
  | 'object'
  | 'path'
  | 'nullable-path'
  | 'reference-path'
  | 'string'
  | 'text'
  | 'positive-integer'
  | 'natural-number'
  | 'percentage';

/** Which query languages have a field. */
export type FieldLanguage = 'both' | 'JSONata' | 'JSONPath';

type FieldTable = Readonly<Record<string, readonly [FieldForm, FieldLanguage]>>;

const COMMON: FieldTable = {
  Type: ['string', 'both'],
  Comment: ['string', 'both'],
  QueryLanguage: ['string', 'both'],
};
const FLOW: FieldTable = { Next: ['string', 'both'], End: ['boolean', 'both'], Assign: ['object', 'both'] };
const PATHS: FieldTable = { InputPath: ['nullable-path', 'JSONPath'], OutputPath: ['nullable-path', 'JSONPath'] };
const OUTPUT: FieldTable = { Output: ['any', 'JSONata'] };
const RESULT: FieldTable = {
  Parameters: ['any', 'JSONPath'],
  ResultPath: ['reference-path', 'JSONPath'],
};
const HANDLERS: FieldTable = {
  ResultSelector: ['object', 'JSONPath'],
  Retry: ['array', 'both'],
  Catch: ['array', 'both'],
};

/** The fields of every type of state. https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html */
export const STATE_FIELDS: Readonly<Record<string, FieldTable>> = {
  Pass: { ...COMMON, ...FLOW, ...PATHS, ...OUTPUT, ...RESULT, Result: ['any', 'JSONPath'] },
  Task: {
    ...COMMON,
    ...FLOW,
    ...PATHS,
    ...OUTPUT,
    ...RESULT,
    ...HANDLERS,
    Arguments: ['any', 'JSONata'],
    Resource: ['string', 'both'],
    Credentials: ['object', 'both'],
    TimeoutSeconds: ['positive-integer', 'both'],
    TimeoutSecondsPath: ['path', 'JSONPath'],
    HeartbeatSeconds: ['positive-integer', 'both'],
    HeartbeatSecondsPath: ['path', 'JSONPath'],
  },
  Choice: {
    ...COMMON,
    ...PATHS,
    ...OUTPUT,
    Assign: ['object', 'both'],
    Choices: ['array', 'both'],
    Default: ['string', 'both'],
  },
  Wait: {
    ...COMMON,
    ...FLOW,
    ...PATHS,
    ...OUTPUT,
    Seconds: ['natural-number', 'both'],
    SecondsPath: ['path', 'JSONPath'],
    Timestamp: ['text', 'both'],
    TimestampPath: ['path', 'JSONPath'],
  },
  Succeed: { ...COMMON, ...PATHS, ...OUTPUT },
  Fail: {
    ...COMMON,
    Error: ['text', 'both'],
    ErrorPath: ['path', 'JSONPath'],
    Cause: ['text', 'both'],
    CausePath: ['path', 'JSONPath'],
  },
  Parallel: {
    ...COMMON,
    ...FLOW,
    ...PATHS,
    ...OUTPUT,
    ...RESULT,
    ...HANDLERS,
    Arguments: ['any', 'JSONata'],
    Branches: ['array', 'both'],
  },
  Map: {
    ...COMMON,
    ...FLOW,
    ...PATHS,
    ...OUTPUT,
    ...RESULT,
    ...HANDLERS,
    Items: ['any', 'JSONata'],
    ItemsPath: ['path', 'JSONPath'],
    ItemSelector: ['any', 'both'],
    ItemProcessor: ['object', 'both'],
    Iterator: ['object', 'both'],
    ItemReader: ['object', 'both'],
    ItemBatcher: ['object', 'both'],
    ResultWriter: ['object', 'both'],
    Label: ['string', 'both'],
    MaxConcurrency: ['natural-number', 'both'],
    MaxConcurrencyPath: ['path', 'JSONPath'],
    ToleratedFailureCount: ['natural-number', 'both'],
    ToleratedFailureCountPath: ['path', 'JSONPath'],
    ToleratedFailurePercentage: ['percentage', 'both'],
    ToleratedFailurePercentagePath: ['path', 'JSONPath'],
  },
};

/** Fields of which a state has one at most. */
export const ALTERNATIVES: readonly (readonly string[])[] = [
  ['TimeoutSeconds', 'TimeoutSecondsPath'],
  ['HeartbeatSeconds', 'HeartbeatSecondsPath'],
  ['Error', 'ErrorPath'],
  ['Cause', 'CausePath'],
  ['ItemProcessor', 'Iterator'],
  ['MaxConcurrency', 'MaxConcurrencyPath'],
  ['ToleratedFailureCount', 'ToleratedFailureCountPath'],
  ['ToleratedFailurePercentage', 'ToleratedFailurePercentagePath'],
  ['ItemSelector', 'Parameters'],
  ['Next', 'End'],
];
