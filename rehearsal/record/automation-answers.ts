import type { AutomationExecution, StepExecution } from '@aws-sdk/client-ssm';
import { spellOperation } from '../../sandbox/ssm/actions/api-call.ts';
import { isReading } from '../changing-calls.ts';

/** What an automation's steps were answered, as a world says it, and what they changed. */
export interface RecordedAutomation {
  readonly answers: readonly Record<string, unknown>[];
  readonly commands: readonly Record<string, unknown>[];
  /** Changing calls in order, as an expectation names them. */
  readonly mutations: readonly string[];
}

const none: RecordedAutomation = { answers: [], commands: [], mutations: [] };

/** Reads the steps of an automation. Those whose answers SSM does not keep are made from what the step waited for. */
export function recordAutomation({ StepExecutions: steps = [] }: AutomationExecution): RecordedAutomation {
  const made = steps.map(recordStep);
  return {
    answers: made.flatMap(({ answers }) => answers),
    commands: made.flatMap(({ commands }) => commands),
    mutations: made.flatMap(({ mutations }) => mutations),
  };
}

function recordStep(step: StepExecution): RecordedAutomation {
  const inputs = readInputs(step);
  if (step.StepStatus === 'Pending') return none;
  switch (step.Action) {
    case 'aws:changeInstanceState':
      return recordInstanceState(inputs);
    case 'aws:runCommand':
      return recordCommand(step, inputs);
    case 'aws:executeAwsApi':
    case 'aws:waitForAwsResourceProperty':
    case 'aws:assertAwsResourceProperty':
      return recordApi(step, inputs);
    default:
      return none;
  }
}

function recordApi(step: StepExecution, inputs: Readonly<Record<string, unknown>>): RecordedAutomation {
  const operation = spellOperation(String(inputs['Api']));
  const call = `${String(inputs['Service']).toLowerCase()}:${operation}`;
  const mutations = isReading({ operation }) ? [] : [call];
  const failure = /An error occurred \((\w+)\) when calling the \w+ operation: (.*?)\. Please refer/.exec(
    step.FailureMessage ?? '',
  );
  if (failure)
    return { ...none, mutations, answers: [{ call, error: { code: failure[1], message: failure[2] }, times: 1 }] };
  const [desired] = [inputs['DesiredValues'] ?? []].flat();
  const selector = typeof inputs['PropertySelector'] === 'string' ? inputs['PropertySelector'] : '';
  const payload = step.Outputs?.['OutputPayload']?.[0];
  const output = payload ? JSON.parse(payload) : selector ? objectAt(selector, desired) : {};
  return { ...none, mutations, answers: [{ call, output, times: 1 }] };
}

/** The smallest answer in which a selector such as `$.Reservations[0].Instances[0].State.Name` finds a value. */
export function objectAt(selector: string, value: unknown): unknown {
  const steps = [...selector.matchAll(/\.([A-Za-z]\w*)|\[(\d+|\*|:)?\]/g)];
  return steps.reduceRight<unknown>((inner, [, field]) => (field === undefined ? [inner] : { [field]: inner }), value);
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-changestate.html */
function recordInstanceState(inputs: Readonly<Record<string, unknown>>): RecordedAutomation {
  const ids = [inputs['InstanceIds'] ?? []].flat();
  const stops = inputs['DesiredState'] === 'stopped';
  const call = stops ? 'ec2:StopInstances' : 'ec2:StartInstances';
  if (inputs['CheckStateOnly'] === true) return none;
  const state = stops ? { Code: 80, Name: 'stopped' } : { Code: 16, Name: 'running' };
  const status = { Status: stops ? 'not-applicable' : 'ok' };
  return {
    commands: [],
    mutations: [call],
    answers: [
      {
        call,
        output: {
          [stops ? 'StoppingInstances' : 'StartingInstances']: ids.map((InstanceId) => ({
            InstanceId,
            CurrentState: state,
          })),
        },
      },
      {
        call: 'ec2:DescribeInstanceStatus',
        after: call,
        output: {
          InstanceStatuses: ids.map((InstanceId) => ({
            InstanceId,
            InstanceState: state,
            InstanceStatus: status,
            SystemStatus: status,
          })),
        },
      },
    ],
  };
}

function recordCommand(step: StepExecution, inputs: Readonly<Record<string, unknown>>): RecordedAutomation {
  const document = String(inputs['DocumentName']);
  const lastsMs = (step.ExecutionEndTime?.getTime() ?? 0) - (step.ExecutionStartTime?.getTime() ?? 0);
  const command = {
    document,
    stdout: step.Outputs?.['Output']?.[0] ?? '',
    status: step.StepStatus === 'Success' ? 'Success' : 'Failed',
    lasts: `${Math.max(0, Math.round(lastsMs / 1000))}s`,
  };
  return { answers: [], commands: [command], mutations: [`ssm:SendCommand ${document}`] };
}

/** SSM keeps each input as JSON text. */
function readInputs({ Inputs: inputs = {} }: StepExecution): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, text]) => {
      try {
        return [name, JSON.parse(text) as unknown];
      } catch {
        return [name, text];
      }
    }),
  );
}
