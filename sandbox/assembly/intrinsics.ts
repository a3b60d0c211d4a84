import { problemAt } from './assembly-error.ts';
import { isRecord, scalarText } from '../members.ts';
import { NO_VALUE, type Scope } from './scope.ts';
import { substitute } from './substitute.ts';

/** Where an intrinsic function stands, and how it resolves its own arguments. */
export interface IntrinsicCall {
  readonly scope: Scope;
  readonly place: string;
  evaluate(value: unknown): unknown;
}

type Intrinsic = (argument: unknown, call: IntrinsicCall) => unknown;

/**
 * The intrinsic functions of CloudFormation by name. `Fn::Cidr`, `Fn::Transform`, `Fn::ForEach` and `Fn::Length` are
 * not among them. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, call) => call.scope.ref(textOf(argument, 'Ref', call), call.place),
  'Fn::GetAtt': getAttribute,
  'Fn::Sub': sub,
  'Fn::Join': join,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::If': chooseBranch,
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': (argument, call) =>
    call.scope.importValue(textOf(call.evaluate(argument), 'Fn::ImportValue', call), call.place),
  'Fn::GetStackOutput': getStackOutput,
  'Fn::Base64': (argument, call) =>
    Buffer.from(textOf(call.evaluate(argument), 'Fn::Base64', call), 'utf8').toString('base64'),
  'Fn::GetAZs': getAvailabilityZones,
  'Fn::ToJsonString': (argument, call) => JSON.stringify(call.evaluate(argument)),
};

function getAttribute(argument: unknown, call: IntrinsicCall): unknown {
  const [logicalId, attribute] =
    typeof argument === 'string' ? splitAtDot(argument) : listOf(argument, 2, 'Fn::GetAtt', call);
  const name = textOf(call.evaluate(attribute), 'Fn::GetAtt', call);
  return call.scope.getAttribute(textOf(logicalId, 'Fn::GetAtt', call), name, call.place);
}

function sub(argument: unknown, call: IntrinsicCall): unknown {
  const [template, variables] = typeof argument === 'string' ? [argument, {}] : listOf(argument, 2, 'Fn::Sub', call);
  if (!isRecord(variables)) throw problemAt(call.place, 'the second argument of Fn::Sub is a map of variables.');
  return substitute(textOf(template, 'Fn::Sub', call), (name) => {
    if (Object.hasOwn(variables, name)) return textOf(call.evaluate(variables[name]), `Fn::Sub \${${name}}`, call);
    const dot = name.indexOf('.');
    const value =
      dot < 0
        ? call.scope.ref(name, call.place)
        : call.scope.getAttribute(name.slice(0, dot), name.slice(dot + 1), call.place);
    return textOf(value, `Fn::Sub \${${name}}`, call);
  });
}

function join(argument: unknown, call: IntrinsicCall): string {
  const [delimiter, values] = listOf(argument, 2, 'Fn::Join', call);
  const items = call.evaluate(values);
  if (!Array.isArray(items)) throw problemAt(call.place, 'the second argument of Fn::Join is a list.');
  if (typeof delimiter !== 'string') throw problemAt(call.place, 'the delimiter of Fn::Join is a text.');
  return items.map((item) => textOf(item, 'Fn::Join', call)).join(delimiter);
}

function select(argument: unknown, call: IntrinsicCall): unknown {
  const [index, values] = listOf(argument, 2, 'Fn::Select', call);
  const items = call.evaluate(values);
  const position = Number(textOf(call.evaluate(index), 'Fn::Select', call));
  if (!Array.isArray(items)) throw problemAt(call.place, 'the second argument of Fn::Select is a list.');
  if (!Number.isInteger(position) || position < 0 || position >= items.length) {
    throw problemAt(call.place, `Fn::Select cannot select the item ${position} of a list of ${items.length}.`);
  }
  return items[position];
}

function split(argument: unknown, call: IntrinsicCall): readonly string[] {
  const [delimiter, source] = listOf(argument, 2, 'Fn::Split', call);
  if (typeof delimiter !== 'string' || delimiter === '')
    throw problemAt(call.place, 'the delimiter of Fn::Split is a text.');
  return textOf(call.evaluate(source), 'Fn::Split', call).split(delimiter);
}

function chooseBranch(argument: unknown, call: IntrinsicCall): unknown {
  const [condition, whenTrue, whenFalse] = listOf(argument, 3, 'Fn::If', call);
  const holds = call.scope.condition(textOf(condition, 'Fn::If', call), call.place);
  return call.evaluate(holds ? whenTrue : whenFalse);
}

function findInMap(argument: unknown, call: IntrinsicCall): unknown {
  if (!Array.isArray(argument) || argument.length < 3 || argument.length > 4) {
    throw problemAt(call.place, 'Fn::FindInMap takes a map, a top-level key and a second-level key.');
  }
  const [map = '', top = '', second = ''] = argument
    .slice(0, 3)
    .map((key) => textOf(call.evaluate(key), 'Fn::FindInMap', call));
  const found = call.scope.mapping(map, top, second);
  if (found !== undefined) return found;
  const fallback: unknown = argument[3];
  if (isRecord(fallback) && 'DefaultValue' in fallback) return call.evaluate(fallback['DefaultValue']);
  throw problemAt(call.place, `Fn::FindInMap finds no ${map}.${top}.${second} in Mappings.`);
}

function getStackOutput(argument: unknown, call: IntrinsicCall): unknown {
  const values = call.evaluate(argument);
  if (!isRecord(values)) throw problemAt(call.place, 'Fn::GetStackOutput takes StackName and OutputName.');
  const { StackName: stackName, OutputName: outputName, Region: region } = values;
  if (region !== undefined && region !== call.scope.environment.region) {
    throw problemAt(
      call.place,
      `Fn::GetStackOutput reads the region ${JSON.stringify(region)}, which this assembly is not resolved for.`,
    );
  }
  const [stack, output] = [
    textOf(stackName, 'Fn::GetStackOutput', call),
    textOf(outputName, 'Fn::GetStackOutput', call),
  ];
  return call.scope.stackOutput(stack, output, call.place);
}

function getAvailabilityZones(argument: unknown, call: IntrinsicCall): readonly string[] {
  const region = textOf(call.evaluate(argument), 'Fn::GetAZs', call) || call.scope.environment.region;
  if (region !== call.scope.environment.region) {
    throw problemAt(call.place, `Fn::GetAZs asks for ${region}, which this assembly is not resolved for.`);
  }
  return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
}

function listOf(argument: unknown, length: number, name: string, call: IntrinsicCall): readonly unknown[] {
  if (Array.isArray(argument) && argument.length === length) return argument;
  throw problemAt(call.place, `${name} takes a list of ${length} arguments.`);
}

function textOf(value: unknown, name: string, call: IntrinsicCall): string {
  const text = scalarText(value);
  if (text === undefined) {
    throw problemAt(
      call.place,
      `${name} needs a text, not ${value === NO_VALUE ? 'AWS::NoValue' : JSON.stringify(value)}.`,
    );
  }
  return text;
}

function splitAtDot(text: string): readonly string[] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}
