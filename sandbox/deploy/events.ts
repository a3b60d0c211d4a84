import type { Assembly } from '../assembly/assembly.ts';
import type { Resource } from '../assembly/resource.ts';
import type {
  ArchiveDescription,
  EventBusDescription,
  RuleDescription,
  TargetDescription,
} from '../events/descriptions.ts';
import { arnOf, numberAt, objectsAt, textAt, textMapAt, valueAt } from './fields.ts';
import { compact } from './functions.ts';

/** The custom buses of an assembly. */
export function describeBuses(assembly: Assembly): EventBusDescription[] {
  return assembly.ofType('AWS::Events::EventBus').map((bus) => ({ name: bus.physicalId, arn: arnOf(bus) }));
}

/** The archives of an assembly. */
export function describeArchives(assembly: Assembly): ArchiveDescription[] {
  return assembly.ofType('AWS::Events::Archive').map((archive) => ({
    name: archive.physicalId,
    busName: busNameOf(textAt(archive, 'SourceArn') ?? ''),
    eventPattern: valueAt(archive, 'EventPattern'),
  }));
}

/** The rules of an assembly with their targets. */
export function describeRules(assembly: Assembly): RuleDescription[] {
  return assembly.ofType('AWS::Events::Rule').map((rule) =>
    compact({
      name: textAt(rule, 'Name') ?? rule.physicalId,
      arn: arnOf(rule),
      busName: busNameOf(textAt(rule, 'EventBusName') ?? 'default'),
      state: textAt(rule, 'State'),
      eventPattern: valueAt(rule, 'EventPattern'),
      scheduleExpression: textAt(rule, 'ScheduleExpression'),
      targets: describeTargets(rule),
    }),
  );
}

function describeTargets(rule: Resource): TargetDescription[] {
  return objectsAt(rule, 'Targets').map((target) => {
    const template = textAt(target, 'InputTransformer.InputTemplate');
    return compact({
      id: textAt(target, 'Id') ?? '',
      arn: textAt(target, 'Arn') ?? '',
      roleArn: textAt(target, 'RoleArn'),
      input: textAt(target, 'Input'),
      inputPath: textAt(target, 'InputPath'),
      inputTransformer:
        template === undefined
          ? undefined
          : { inputPathsMap: textMapAt(target, 'InputTransformer.InputPathsMap'), inputTemplate: template },
      deadLetterArn: textAt(target, 'DeadLetterConfig.Arn'),
      maximumRetryAttempts: numberAt(target, 'RetryPolicy.MaximumRetryAttempts'),
      maximumEventAgeSeconds: numberAt(target, 'RetryPolicy.MaximumEventAgeInSeconds'),
    });
  });
}

function busNameOf(nameOrArn: string): string {
  return nameOrArn.replace(/^arn:.*:event-bus\//, '');
}
