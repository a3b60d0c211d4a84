import { isObject, type Json, type JsonObject, parseJson } from '../json.ts';
import { StateError } from '../state-error.ts';
import { optimizedErrorStyle } from './error-names.ts';
import type { Integration, TaskAttempt } from './integration.ts';
import { needParameters } from './parameters.ts';

const errors = optimizedErrorStyle('lambda', 'Lambda', 'AWSLambdaException', 'AWSLambda');

/** `arn:aws:states:::lambda:invoke`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html */
export function invokeFunction(resource: string): Integration {
  return {
    resourceType: 'lambda',
    resource,
    errors,
    async request(attempt) {
      const { Payload, ...rest } = needParameters(attempt.parameters, 'lambda:invoke');
      const input = { ...rest, ...(Payload !== undefined && { Payload: JSON.stringify(Payload) }) };
      return { ExecutedVersion: '$LATEST', ...(await invoke(attempt, input)) };
    },
  };
}

/** A function's ARN as the `Resource` itself. */
export function callFunction(arn: string): Integration {
  return {
    resourceType: 'lambda',
    resource: arn,
    errors,
    async request(attempt) {
      const input = {
        FunctionName: arn,
        InvocationType: 'RequestResponse',
        Payload: JSON.stringify(attempt.parameters),
      };
      return (await invoke(attempt, input))['Payload'] ?? null;
    },
  };
}

/** Reads what a function returned: its JSON as text, or that text in base64, which no JSON text can be mistaken for. */
export function readPayload(payload: Json | undefined): Json | undefined {
  if (typeof payload !== 'string') return payload;
  if (payload === '') return undefined;
  const decoded = Buffer.from(payload, 'base64');
  const isBase64 = decoded.toString('base64') === payload;
  const found = (isBase64 ? tryParse(decoded.toString('utf8')) : undefined) ?? tryParse(payload);
  return found ? found.value : payload;
}

async function invoke(attempt: TaskAttempt, input: JsonObject): Promise<JsonObject> {
  const { FunctionError, Payload, StatusCode = 200, ...result } = await attempt.call('lambda', 'Invoke', input);
  const payload = readPayload(Payload);
  if (FunctionError !== undefined && FunctionError !== null) throw functionError(payload);
  return { ...result, ...(payload !== undefined && { Payload: payload }), StatusCode };
}

function functionError(payload: Json | undefined): StateError {
  const errorType = isObject(payload) ? payload['errorType'] : undefined;
  return new StateError({
    error: typeof errorType === 'string' && errorType !== '' ? errorType : 'Lambda.Unknown',
    cause: JSON.stringify(payload ?? null),
  });
}

function tryParse(text: string): { readonly value: Json } | undefined {
  try {
    return { value: parseJson(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
