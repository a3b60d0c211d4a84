import type { Assembly } from '../assembly/assembly.ts';
import type { Resource } from '../assembly/resource.ts';
import type { MappingDescription } from '../lambda/event-source-mapping.ts';
import type { FunctionDescription } from '../lambda/function-description.ts';
import { arnOf, compact, numberAt, objectsAt, textAt, textMapAt, textsAt, valueAt } from './fields.ts';

/** The functions of an assembly, with how each is invoked asynchronously. */
export function describeFunctions(assembly: Assembly): FunctionDescription[] {
  const invokeConfigs = assembly.ofType('AWS::Lambda::EventInvokeConfig');
  return assembly.ofType('AWS::Lambda::Function').map((resource) => {
    const config = invokeConfigs.find((candidate) => textAt(candidate, 'FunctionName') === resource.physicalId);
    return { ...describeFunction(assembly, resource), ...(config && describeInvokeConfig(config)) };
  });
}

function describeFunction(assembly: Assembly, resource: Resource): FunctionDescription {
  return compact({
    name: resource.physicalId,
    arn: arnOf(resource),
    handler: textAt(resource, 'Handler') ?? '',
    codeDirectory: assembly.assetPath(resource),
    runtime: textAt(resource, 'Runtime'),
    environment: textMapAt(resource, 'Environment.Variables'),
    roleArn: textAt(resource, 'Role') ?? '',
    timeoutSeconds: numberAt(resource, 'Timeout'),
    memoryMb: numberAt(resource, 'MemorySize'),
    logGroupName: textAt(resource, 'LoggingConfig.LogGroup'),
    reservedConcurrency: numberAt(resource, 'ReservedConcurrentExecutions'),
    deadLetterArn: textAt(resource, 'DeadLetterConfig.TargetArn'),
  });
}

function describeInvokeConfig(config: Resource): Partial<FunctionDescription> {
  return compact({
    onFailureArn: textAt(config, 'DestinationConfig.OnFailure.Destination'),
    onSuccessArn: textAt(config, 'DestinationConfig.OnSuccess.Destination'),
    maximumRetryAttempts: numberAt(config, 'MaximumRetryAttempts'),
    maximumEventAgeSeconds: numberAt(config, 'MaximumEventAgeInSeconds'),
  });
}

/** The event source mappings of an assembly. */
export function describeMappings(assembly: Assembly): MappingDescription[] {
  return assembly.ofType('AWS::Lambda::EventSourceMapping').map((resource) => {
    const named = textAt(resource, 'FunctionName') ?? '';
    const target = assembly.byPhysicalId('AWS::Lambda::Function', named);
    return compact({
      id: resource.physicalId,
      functionArn: target ? arnOf(target) : named,
      eventSourceArn: textAt(resource, 'EventSourceArn') ?? '',
      batchSize: numberAt(resource, 'BatchSize'),
      maximumBatchingWindowSeconds: numberAt(resource, 'MaximumBatchingWindowInSeconds'),
      filterPatterns: objectsAt(resource, 'FilterCriteria.Filters').map((filter) => filter['Pattern']),
      functionResponseTypes: textsAt(resource, 'FunctionResponseTypes'),
      bisectBatchOnFunctionError: valueAt(resource, 'BisectBatchOnFunctionError') === true,
      maximumRetryAttempts: numberAt(resource, 'MaximumRetryAttempts'),
      maximumRecordAgeSeconds: numberAt(resource, 'MaximumRecordAgeInSeconds'),
      onFailureArn: textAt(resource, 'DestinationConfig.OnFailure.Destination'),
      startingPosition: startingPositionOf(resource),
      parallelizationFactor: numberAt(resource, 'ParallelizationFactor'),
      enabled: valueAt(resource, 'Enabled') !== false,
    });
  });
}

function startingPositionOf(resource: Resource): MappingDescription['startingPosition'] {
  const position = textAt(resource, 'StartingPosition');
  return position === 'TRIM_HORIZON' || position === 'LATEST' || position === 'AT_TIMESTAMP' ? position : undefined;
}
