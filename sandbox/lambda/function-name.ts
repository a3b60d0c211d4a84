import { type AwsCall, AwsError } from '../aws.ts';
import type { FunctionDescription } from './function-description.ts';

/** The function that a call names. */
export interface ResolvedFunction {
  /** Undefined when the function does not exist here, or when a version or alias is named: there are none here. */
  readonly described: FunctionDescription | undefined;
  /** True when the function exists here, whatever its qualifier. */
  readonly isKnown: boolean;
  /** The ARN as named: with the qualifier when there is one. */
  readonly invokedArn: string;
}

const NAME =
  /^(?:arn:aws[a-z-]*:lambda:([a-z0-9-]+):(\d{12}):function:|(\d{12}):function:|function:)?([A-Za-z0-9_-]{1,140})(?::([$A-Za-z0-9_-]+))?$/;

/**
 * Reads FunctionName (name, partial or full ARN, each with or without qualifier) and Qualifier. Throws ValidationException.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function resolveFunction(
  input: AwsCall['input'],
  functions: readonly FunctionDescription[],
  place: { readonly account: string; readonly region: string },
): ResolvedFunction {
  const name = input['FunctionName'];
  const match = typeof name === 'string' ? NAME.exec(name) : null;
  if (!match) {
    throw new AwsError('ValidationException', `FunctionName ${JSON.stringify(name)} names no function.`);
  }
  const [, region = place.region, fullAccount, partialAccount, bareName, inName] = match;
  const arn = `arn:aws:lambda:${region}:${fullAccount ?? partialAccount ?? place.account}:function:${bareName}`;
  const qualifier = readQualifier(input['Qualifier'], inName);
  const found = functions.find((candidate) => candidate.arn === arn);
  const runs = qualifier === undefined || qualifier === '$LATEST';
  return {
    described: runs ? found : undefined,
    isKnown: found !== undefined,
    invokedArn: qualifier === undefined ? arn : `${arn}:${qualifier}`,
  };
}

/** What GetFunctionConfiguration tells about a function. */
export function describeFunction(described: FunctionDescription): Record<string, unknown> {
  return {
    FunctionName: described.name,
    FunctionArn: described.arn,
    Runtime: described.runtime ?? 'nodejs24.x',
    Role: described.roleArn,
    Handler: described.handler,
    Timeout: described.timeoutSeconds ?? 3,
    MemorySize: described.memoryMb ?? 128,
    Version: '$LATEST',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    ...(described.environment ? { Environment: { Variables: described.environment } } : {}),
  };
}

function readQualifier(given: unknown, inName: string | undefined): string | undefined {
  const qualifier = typeof given === 'string' && given !== '' ? given : undefined;
  if (qualifier !== undefined && inName !== undefined && qualifier !== inName) {
    throw new AwsError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match.',
    );
  }
  return qualifier ?? inName;
}
