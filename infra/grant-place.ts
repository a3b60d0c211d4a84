import type { ArnPlace } from './automation/mutation-resource.ts';
import type { GrantPlace } from './derive-grants.ts';
import { machineArn, type OwnArn, runbookMachine } from './names.ts';

export interface GrantPlaceProps {
  /** What the `${…}` of definitions stand for. */
  readonly substitutions: Readonly<Record<string, string>>;
  readonly runbookIds: readonly string[];
  readonly quarantineQueueArn: string;
  readonly own: OwnArn;
  readonly where: ArnPlace;
}

/** What the tasks of our definitions name, as ARNs. */
export function grantPlace({ substitutions, runbookIds, quarantineQueueArn, own, where }: GrantPlaceProps): GrantPlace {
  return {
    arnOf: (name, file) => {
      const arn = substitutions[name];
      if (arn === undefined)
        throw new Error(`${file} names \${${name}}, which stands for nothing that it could be granted.`);
      return arn;
    },
    machinesOf: () => runbookIds.map((id) => machineArn(own, runbookMachine(id))),
    executionsOf: (arn) => `${arn.replace(':stateMachine:', ':execution:')}:*`,
    managedRuleArn: own('events', 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule'),
    queueArnOf: () => quarantineQueueArn,
    where,
  };
}
