import { select } from '../selector.ts';
import { POLL_MS, type StepAction, type StepContext, StepFailedError, listInput, textInput } from './action.ts';
import { callAsStep } from './api-call.ts';

const OPERATIONS: Readonly<Record<string, string>> = {
  running: 'StartInstances',
  stopped: 'StopInstances',
  terminated: 'TerminateInstances',
};
/** States from which no instance comes back: waiting for another one would never end. */
const LOST: Readonly<Record<string, readonly string[]>> = {
  running: ['terminated', 'shutting-down'],
  stopped: ['terminated'],
};

/**
 * `aws:changeInstanceState`: changes the state and waits for it; `running` waits for both status checks too.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-changestate.html
 */
export const changeInstanceState: StepAction = {
  required: ['InstanceIds', 'DesiredState'],
  optional: ['CheckStateOnly', 'Force', 'AdditionalInfo'],
  outputs: ['InstanceStates'],
  run: async (context) => {
    const { inputs } = context;
    const InstanceIds = listInput(inputs, 'InstanceIds');
    const desired = textInput(inputs, 'DesiredState');
    const operation = OPERATIONS[desired];
    if (!operation) throw new StepFailedError(`DesiredState must be running, stopped or terminated, not ${desired}`);
    if (!isTrue(inputs['CheckStateOnly'])) {
      const Force = operation === 'StopInstances' && isTrue(inputs['Force']) ? { Force: true } : {};
      await callAsStep(context, 'ec2', operation, { InstanceIds, ...Force });
    }
    return { outputs: { InstanceStates: await awaitState(context, InstanceIds, desired) } };
  },
};

async function awaitState(
  context: StepContext,
  InstanceIds: readonly string[],
  desired: string,
): Promise<readonly string[]> {
  for (;;) {
    const answer = await callAsStep(context, 'ec2', 'DescribeInstanceStatus', {
      InstanceIds,
      IncludeAllInstances: true,
    });
    const found = [answer['InstanceStatuses'] ?? []].flat();
    const states = InstanceIds.map((id) => found.find((status) => select('$.InstanceId', status) === id));
    if (states.every((status) => isReached(status, desired))) return states.map(() => desired);
    const lost = states.findIndex((status) => LOST[desired]?.includes(String(select('$.InstanceState.Name', status))));
    if (lost >= 0)
      throw new StepFailedError(`The instance ${InstanceIds[lost]} is terminated and cannot become ${desired}`);
    await context.sleep(POLL_MS);
  }
}

function isReached(status: unknown, desired: string): boolean {
  if (select('$.InstanceState.Name', status) !== desired) return false;
  if (desired !== 'running') return true;
  return select('$.InstanceStatus.Status', status) === 'ok' && select('$.SystemStatus.Status', status) === 'ok';
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
