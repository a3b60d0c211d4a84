import type { Assembly } from '../assembly/assembly.ts';
import type { Resource } from '../assembly/resource.ts';
import type {
  ArchiveDescription,
  EventBusDescription,
  RuleDescription,
  TargetDescription,
} from '../events/descriptions.ts';
import { arnOf, compact, numberAt, objectsAt, textAt, textMapAt, valueAt } from './fields.ts';

/** The custom buses of an assembly, and the partner buses that its rules are on: those a partner makes, not a template. */
export function describeBuses(assembly: Assembly): EventBusDescription[] {
  const custom = assembly.ofType('AWS::Events::EventBus').map((bus) => ({ name: bus.physicalId, arn: arnOf(bus) }));
  const ofPartners = assembly.ofType('AWS::Events::Rule').flatMap((rule) => {
    const name = busNameOf(textAt(rule, 'EventBusName') ?? '');
    return name.startsWith('aws.partner/')
      ? [{ name, arn: arnOf(rule).replace(/:rule\/.*$/, `:event-bus/${name}`) }]
      : [];
  });
  return [...custom, ...ofPartners];
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
