import type { AutomationExecution, StepExecution } from '@aws-sdk/client-ssm';
import { spellOperation, spellService } from '../../sandbox/ssm/actions/api-call.ts';
import { isReading } from '../changing-calls.ts';
import { answerOfOutputs, objectAt, type StepOutput } from './step-answers.ts';

/** What an automation's steps were answered, as a world says it, and what they changed. */
export interface RecordedAutomation {
  readonly answers: readonly Record<string, unknown>[];
  readonly commands: readonly Record<string, unknown>[];
  readonly scripts: readonly Record<string, unknown>[];
  /** Changing calls in order, as an expectation names them. */
  readonly mutations: readonly string[];
}

const none: RecordedAutomation = { answers: [], commands: [], scripts: [], mutations: [] };

/**
 * Reads the steps of an automation. SSM keeps what a step gave out, not what it was answered: answers are made from that,
 * by the outputs of its document, or from what the step waited for.
 */
export function recordAutomation(
  { StepExecutions: steps = [] }: AutomationExecution,
  outputsOf: (step: string) => readonly StepOutput[] = () => [],
): RecordedAutomation {
  const made = steps.map((step) => recordStep(step, outputsOf(step.StepName ?? '')));
  return {
    answers: made.flatMap(({ answers }) => answers),
    commands: made.flatMap(({ commands }) => commands),
    scripts: made.flatMap(({ scripts }) => scripts),
    mutations: made.flatMap(({ mutations }) => mutations),
  };
}

function recordStep(step: StepExecution, outputs: readonly StepOutput[]): RecordedAutomation {
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
      return recordApi(step, inputs, outputs);
    case 'aws:executeScript':
      return recordScript(step, outputs);
    default:
      return none;
  }
}

function recordApi(
  step: StepExecution,
  inputs: Readonly<Record<string, unknown>>,
  outputs: readonly StepOutput[],
): RecordedAutomation {
  const operation = spellOperation(String(inputs['Api']));
  const call = `${spellService(String(inputs['Service']))}:${operation}`;
  const mutations = isReading({ operation }) ? [] : [call];
  const failure = /An error occurred \((\w+)\) when calling the \w+ operation: (.*?)(?:\. Please refer|$)/.exec(
    step.FailureMessage ?? '',
  );
  if (failure)
    return { ...none, mutations, answers: [{ call, error: { code: failure[1], message: failure[2] }, times: 1 }] };
  const [desired] = [inputs['DesiredValues'] ?? []].flat();
  const selector = typeof inputs['PropertySelector'] === 'string' ? inputs['PropertySelector'] : '';
  const waited = selector === '' ? {} : objectAt(selector, desired);
  return { ...none, mutations, answers: [{ call, output: answerOfOutputs(outputs, step.Outputs, waited), times: 1 }] };
}

/** What a script returned is its `Payload`; where SSM does not say it, what the document reads from it. */
function recordScript(step: StepExecution, outputs: readonly StepOutput[]): RecordedAutomation {
  const { StepName, Outputs = {}, FailureMessage: error } = step;
  if (step.StepStatus !== 'Success')
    return { ...none, scripts: [{ step: StepName, error: error ?? 'It failed.', times: 1 }] };
  const [whole] = Outputs['OutputPayload'] ?? [];
  const answer: unknown = whole ? JSON.parse(whole) : answerOfOutputs(outputs, Outputs);
  const output: unknown = Reflect.get(Object(answer), 'Payload') ?? parsed(Outputs['Payload']?.[0]) ?? {};
  return { ...none, scripts: [{ step: StepName, output, times: 1 }] };
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
    ...none,
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
    times: 1,
  };
  return { ...none, commands: [command], mutations: [`ssm:SendCommand ${document}`] };
}

/** SSM keeps each input as JSON text. */
function readInputs({ Inputs: inputs = {} }: StepExecution): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).map(([name, text]) => [name, parsed(text)]));
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
