import { toApiNames, toCamelCase } from '../../sandbox/states/integrations/casing.ts';
import { codeOfStateError, sdkErrorStyle } from '../../sandbox/states/integrations/error-names.ts';
import { findSdkService, type SdkService } from '../../sandbox/states/integrations/sdk-service.ts';
import type { Json } from '../../sandbox/states/json.ts';
import type { EndedTask } from './ended-tasks.ts';

/** A call of a task to an AWS API, as the SDK spells it. */
export interface SdkCall {
  readonly service: SdkService;
  /** `<sdk service>:<Operation>` */
  readonly call: string;
  readonly asked: Readonly<Record<string, unknown>>;
}

/** The call that a task makes by itself; undefined for what asks a function or another machine. */
export function sdkCall({ resource, resourceType, asked }: EndedTask): SdkCall | undefined {
  const [, name = ''] = /^aws-sdk:(.+)$/.exec(resourceType) ?? [];
  const service = findSdkService(name);
  if (!service) return undefined;
  const call = `${service.client}:${resource.charAt(0).toUpperCase()}${resource.slice(1)}`;
  return { service, call, asked: spelledAsSdk(service, asked.parameters) };
}

/** An error as AWS answered it, from how Step Functions words it. */
export function awsErrorOf({ error, cause }: Pick<EndedTask, 'error' | 'cause'>, { client, prefix }: SdkService) {
  const [, status] = /Status Code: (\d{3})/.exec(cause) ?? [];
  return {
    code: codeOfStateError(error, sdkErrorStyle(client, prefix)),
    message: cause.replace(/ \(Service: .*$/s, ''),
    ...(status && { statusCode: Number(status) }),
  };
}

/** A definition has the names of Step Functions. */
function spelledAsSdk({ camel, acronyms = [] }: SdkService, parameters: SdkCall['asked']): SdkCall['asked'] {
  const json = parameters as Json;
  return (camel ? toCamelCase(json) : toApiNames(json, acronyms)) as Record<string, unknown>;
}
