import { UnsupportedInSandboxError } from '../aws.ts';
import { problemAt } from './assembly-error.ts';
import { isRecord, type Members, scalarText } from '../members.ts';

// The sandbox has no bootstrap stack; any version that satisfies the CDK will do.
const BOOTSTRAP_VERSION = '30';
const BOOTSTRAP_PARAMETER = /^\/cdk-bootstrap\/[a-z0-9]+\/version$/;

/**
 * What `Ref` gives for one parameter of a template: `given`, else its default; a list for the list types.
 * Throws an `AssemblyError` for a missing or forbidden value.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function resolveParameter(declaration: unknown, given: string | undefined, place: string): unknown {
  if (!isRecord(declaration) || typeof declaration['Type'] !== 'string')
    throw problemAt(place, 'the parameter has no Type.');
  const type = declaration['Type'];
  const text = given ?? scalarText(declaration['Default']);
  if (text === undefined) throw problemAt(place, 'the parameter has no value and no default.');
  if (type.startsWith('AWS::SSM::Parameter::Value<')) return readSsmParameter(text, given, place);
  checkValue(declaration, text, place);
  if (type === 'CommaDelimitedList' || type.startsWith('List<'))
    return text === '' ? [] : text.split(',').map((item) => item.trim());
  if (type === 'Number' && !Number.isFinite(Number(text || 'none')))
    throw problemAt(place, `"${text}" is not a number.`);
  return text;
}

function readSsmParameter(name: string, given: string | undefined, place: string): string {
  if (given === undefined && BOOTSTRAP_PARAMETER.test(name)) return BOOTSTRAP_VERSION;
  throw new UnsupportedInSandboxError(`reading the Systems Manager parameter ${name} at deployment (${place})`);
}

function checkValue(declaration: Members, text: string, place: string): void {
  const { AllowedValues: allowed, AllowedPattern: pattern } = declaration;
  if (Array.isArray(allowed) && !allowed.map(String).includes(text)) {
    throw problemAt(place, `"${text}" is not one of ${allowed.join(', ')}.`);
  }
  if (typeof pattern === 'string' && !new RegExp(`^(?:${pattern})$`).test(text)) {
    throw problemAt(place, `"${text}" does not match ${pattern}.`);
  }
  checkRange(declaration, 'Length', text.length, place);
  if (declaration['Type'] === 'Number') checkRange(declaration, 'Value', Number(text), place);
}

function checkRange(declaration: Members, what: 'Length' | 'Value', size: number, place: string): void {
  const { [`Min${what}`]: min, [`Max${what}`]: max } = declaration;
  if (min !== undefined && size < Number(min))
    throw problemAt(place, `${what} ${size} is below Min${what} ${Number(min)}.`);
  if (max !== undefined && size > Number(max))
    throw problemAt(place, `${what} ${size} is above Max${what} ${Number(max)}.`);
}
