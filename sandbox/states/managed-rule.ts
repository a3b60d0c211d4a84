import { type Authorize, AwsError } from '../aws.ts';
import type { StateDefinition } from './definition.ts';
import type { Machine } from './machine.ts';

const RULE = 'StepFunctionsGetEventsForStepFunctionsExecutionRule';
const ACTIONS = ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'];

/**
 * Checks that a machine which waits for other executions may make the rule that tells of their end, as AWS checks it when
 * the machine is made. Throws `AccessDeniedException`.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
 */
export function verifyManagedRule(machine: Machine, authorize: Authorize): void {
  if (!waitsForExecutions(machine)) return;
  const [, partition, , region, account] = machine.arn.split(':');
  const resource = `arn:${partition}:events:${region}:${account}:rule/${RULE}`;
  try {
    authorize(
      { kind: 'role', arn: machine.roleArn },
      ACTIONS.map((action) => ({ action, resource })),
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const message = `'${machine.roleArn}' is not authorized to create managed-rule.`;
    throw new AwsError('AccessDeniedException', `${message} (state machine ${machine.name}: ${error.message})`);
  }
}

function waitsForExecutions(machine: Machine): boolean {
  return listStates(machine.definition).some((state) =>
    /:states:startExecution\.sync(?::2)?$/.test(state.Resource ?? ''),
  );
}

function listStates(body: { readonly States: Readonly<Record<string, StateDefinition>> }): readonly StateDefinition[] {
  return Object.values(body.States).flatMap((state) => [
    state,
    ...[...(state.Branches ?? []), state.ItemProcessor ?? state.Iterator ?? []].flat().flatMap(listStates),
  ]);
}
