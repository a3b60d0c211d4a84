import { isoSeconds, writeJson, type BusEvent } from './bus-event.ts';
import { InvalidRuleError, type InputTransformerDescription, type TargetInputDescription } from './descriptions.ts';
import { compileJsonPath, type ReadJsonPath } from './json-path.ts';
import { JsonTextError, nodeOf, readJson, type JsonNode } from '../../event-pattern/json-text.ts';
import { compileTemplate } from './input-template.ts';

/** Makes what a target gets from an event. Throws `InputError` when this event gives nothing that could be sent. */
export type MakeInput = (event: BusEvent) => string;

/** The rule that a target belongs to, as templates may name it. */
export interface RuleIdentity {
  readonly name: string;
  readonly arn: string;
}

/** Raised for an event whose input cannot be made: EventBridge does not deliver it, and does not try again. */
export class InputError extends Error {
  override readonly name = 'InputError' as const;
}

const MAX_VARIABLES = 100;
const MAX_TEMPLATE_LENGTH = 8192;
const VARIABLE = /^[A-Za-z0-9_-]{1,256}$/;
const RESERVED = /^aws\./i;

/**
 * Compiles `Input`, `InputPath` or `InputTransformer` of a target (at most 100 variables, template of at most 8,192
 * characters). Throws `InvalidRuleError` for what PutTargets refuses.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
 */
export function compileTargetInput(target: TargetInputDescription, rule: RuleIdentity): MakeInput {
  const { id, input, inputPath, inputTransformer } = target;
  if ([input, inputPath, inputTransformer].filter((given) => given !== undefined).length > 1) {
    throw new InvalidRuleError(`Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`);
  }
  if (input !== undefined) return compileConstant(input, id);
  if (inputPath !== undefined) return compilePath(inputPath, id);
  return inputTransformer ? compileTransformer(inputTransformer, id, rule) : (event) => event.text;
}

function compileConstant(input: string, id: string): MakeInput {
  try {
    readJson(input);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw new InvalidRuleError(`JSON syntax error in Input for target ${id}: ${error.message}.`, { cause: error });
  }
  return () => input;
}

function compilePath(path: string, id: string): MakeInput {
  const read = jsonPathOf(path, `InputPath for target ${id}`);
  return (event) => {
    const found = read(readJson(event.text));
    if (!found) throw new InputError(`The InputPath ${path} of target ${id} finds nothing in the event.`);
    return writeJson(found);
  };
}

function compileTransformer(described: InputTransformerDescription, id: string, rule: RuleIdentity): MakeInput {
  const { inputPathsMap = {}, inputTemplate } = described;
  const paths = Object.entries(inputPathsMap).map(([name, path]) => [name, variableOf(name, path, id)] as const);
  refuseSizes(paths.length, inputTemplate, id);
  const names = new Set([...paths.map(([name]) => name), ...predefinedNames()]);
  const fill = compileTemplate(inputTemplate, names, id);
  return (event) => {
    const root = readJson(event.text);
    const values = new Map([
      ...predefined(event, root, rule),
      ...paths.map(([name, read]) => [name, read(root)] as const),
    ]);
    const filled = fill(values);
    if (filled === undefined)
      throw new InputError(`The InputTemplate of target ${id} gives no valid JSON for the event.`);
    return filled;
  };
}

function refuseSizes(variables: number, template: string, id: string): void {
  if (variables > MAX_VARIABLES) {
    throw new InvalidRuleError(
      `InputPathsMap for target ${id} has ${variables} variables; at most ${MAX_VARIABLES} are allowed.`,
    );
  }
  if (template.length < 1 || template.length > MAX_TEMPLATE_LENGTH) {
    throw new InvalidRuleError(
      `InputTemplate for target ${id} has ${template.length} characters; 1 to ${MAX_TEMPLATE_LENGTH} are allowed.`,
    );
  }
}

function variableOf(name: string, path: string, id: string): ReadJsonPath {
  if (!VARIABLE.test(name) || RESERVED.test(`${name}.`)) {
    throw new InvalidRuleError(
      `InputPathsMap for target ${id} has the variable ${name}; letters, digits, "_" and "-" are allowed, and "AWS" is reserved.`,
    );
  }
  return jsonPathOf(path, `InputPathsMap variable ${name} for target ${id}`);
}

function jsonPathOf(path: string, place: string): ReadJsonPath {
  const read = compileJsonPath(path);
  if (!read) {
    throw new InvalidRuleError(`${place} is ${path}, which is no JSON path in dot notation that EventBridge supports.`);
  }
  return read;
}

function predefinedNames(): readonly string[] {
  return ['rule-arn', 'rule-name', 'event.ingestion-time', 'event', 'event.json'].map((name) => `aws.events.${name}`);
}

function predefined(event: BusEvent, root: JsonNode, rule: RuleIdentity): readonly (readonly [string, JsonNode])[] {
  const { id, account, time, source, region, resources, version } = event.envelope;
  const withoutDetail = {
    id,
    account,
    detailType: event.envelope['detail-type'],
    time,
    source,
    region,
    resources,
    version,
  };
  const values = [
    nodeOf(rule.arn),
    nodeOf(rule.name),
    nodeOf(isoSeconds(event.receivedAt)),
    nodeOf(withoutDetail),
    root,
  ];
  return predefinedNames().map((name, index) => [name, values[index] ?? root]);
}
