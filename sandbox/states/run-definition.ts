import type { AwsCall, CallAws } from '../aws.ts';
import { VirtualClock } from '../clock.ts';
import type { ExecutionView } from './execution.ts';
import type { MachineType } from './machine.ts';
import { StepFunctions } from './step-functions.ts';

/** What one definition is run with. */
export interface RunDefinitionOptions {
  /** The definition as JSON text. */
  readonly definition: string;
  readonly machineName: string;
  readonly type: MachineType;
  /** JSON text. */
  readonly input: string;
  /** @default - a made-up UUID */
  readonly executionName?: string | undefined;
  /** Answers every call that is not about the machine itself. */
  readonly call: CallAws;
  readonly clock: VirtualClock;
  readonly account: string;
  readonly region: string;
}

/**
 * Runs one definition to its end on the virtual clock. Throws an `InvalidDefinitionError`, an `UnsupportedInSandboxError`,
 * or the `AwsError` of an execution that cannot be started.
 */
export async function runDefinition(options: RunDefinitionOptions): Promise<ExecutionView> {
  const { clock, account, region, machineName, type, definition } = options;
  const arn = `arn:aws:states:${region}:${account}:stateMachine:${machineName}`;
  const roleArn = `arn:aws:iam::${account}:role/${machineName}`;
  const call: CallAws = (made) => (isAbout(service, arn, made) ? service.answer(made) : options.call(made));
  const machines = [{ arn, name: machineName, type, roleArn, definition }];
  const service = new StepFunctions({ clock, call, account, region, machines });
  const input = {
    stateMachineArn: arn,
    input: options.input,
    ...(options.executionName !== undefined && { name: options.executionName }),
  };
  await service.answer({
    service: 'sfn',
    operation: 'StartExecution',
    input,
    principal: { kind: 'role', arn: roleArn },
  });
  const view = () => service.executions()[0];
  await clock.run(() => view()?.status !== 'RUNNING');
  const ended = view();
  if (!ended) throw new TypeError('The execution is gone.');
  return ended;
}

/** Tokens are always the machine's own; other calls when they name it or one of its executions. */
function isAbout(service: StepFunctions, machineArn: string, { service: name, operation, input }: AwsCall): boolean {
  if (name !== 'sfn' || !service.handles(operation)) return false;
  if (operation.startsWith('SendTask') || input['stateMachineArn'] === machineArn) return true;
  return service.executions().some((view) => view.arn === input['executionArn']);
}
