import { UnsupportedInSandboxError } from '../aws.ts';
import { problemAt } from './assembly-error.ts';
import { INTRINSICS } from './intrinsics.ts';
import { isRecord } from '../members.ts';
import { NO_VALUE, type Scope } from './scope.ts';

/**
 * Resolves a template value the way CloudFormation does: intrinsic functions are replaced by what they give, and what
 * `AWS::NoValue` holds is left out. `place` names the value in errors.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export function evaluate(value: unknown, scope: Scope, place: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => evaluate(item, scope, `${place}[${index}]`)).filter((item) => item !== NO_VALUE);
  }
  if (!isRecord(value)) return value;
  const name = intrinsicOf(value, place);
  if (name !== undefined) return callIntrinsic(name, value[name], scope, place);
  const members = Object.entries(value).map(([key, member]) => [key, evaluate(member, scope, memberPlace(place, key))]);
  return Object.fromEntries(members.filter(([, member]) => member !== NO_VALUE));
}

/** The name of the intrinsic function that an object stands for, or undefined when it is plain data. */
function intrinsicOf(value: Readonly<Record<string, unknown>>, place: string): string | undefined {
  const keys = Object.keys(value);
  const name = keys.find((key) => key === 'Ref' || key.startsWith('Fn::'));
  if (name === undefined || keys.length === 1) return name;
  if (name === 'Ref') return undefined;
  throw problemAt(place, `${name} must be the only member of its object.`);
}

/** Names one member of the value at a place. */
function memberPlace(place: string, key: string): string {
  return place.endsWith(' ') ? `${place}${key}` : `${place}.${key}`;
}

function callIntrinsic(name: string, argument: unknown, scope: Scope, place: string): unknown {
  const intrinsic = Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined;
  if (!intrinsic) throw new UnsupportedInSandboxError(`${name} (at ${place})`);
  return intrinsic(argument, { scope, place, evaluate: (value) => evaluate(value, scope, place) });
}
