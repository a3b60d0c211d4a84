import { isObject, type Json, type JsonObject } from '../json.ts';
import { toApiNames, toCamelCase, toPascalCase, toShownNames } from './casing.ts';
import { sdkErrorStyle } from './error-names.ts';
import type { Integration } from './integration.ts';
import { readPayload } from './lambda.ts';
import { needParameters, stringifyMembers } from './parameters.ts';
import type { SdkService } from './sdk-service.ts';

/** Members that the API takes as text, for which Step Functions also takes JSON. */
const TEXT_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  'sfn:StartExecution': ['Input'],
  'sfn:StartSyncExecution': ['Input'],
  'sfn:SendTaskSuccess': ['Output'],
  'lambda:Invoke': ['Payload'],
  'sqs:SendMessage': ['MessageBody'],
  'sns:Publish': ['Message'],
};

/** `arn:aws:states:::aws-sdk:<service>:<action>`. https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html */
export function callSdk(name: string, service: SdkService, action: string, resource: string): Integration {
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  return {
    resourceType: `aws-sdk:${name}`,
    resource,
    errors: sdkErrorStyle(service.client, service.prefix),
    async request(attempt) {
      const parameters = needParameters(attempt.parameters);
      const input = stringifyMembers(parameters, TEXT_MEMBERS[`${service.client}:${operation}`] ?? []);
      const result = await attempt.call(service.client, operation, inputOf(service, input));
      return present(service, operation, result);
    },
  };
}

function inputOf({ camel, acronyms = [] }: SdkService, input: JsonObject): JsonObject {
  const named = camel ? toCamelCase(input) : toApiNames(input, acronyms);
  return isObject(named) ? named : {};
}

/** A function's payload is shown as the text it is; what is in an item of DynamoDB has its owner's names. */
function present(service: SdkService, operation: string, result: JsonObject): Json {
  if (service.camel) return toPascalCase(result);
  if (service.client === 'dynamodb') return result;
  if (service.client !== 'lambda' || operation !== 'Invoke' || typeof result['Payload'] !== 'string')
    return toShownNames(result);
  return { ...result, Payload: JSON.stringify(readPayload(result['Payload']) ?? '') };
}
