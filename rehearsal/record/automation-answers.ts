import type { AutomationExecution, StepExecution } from '@aws-sdk/client-ssm';
import { POLL_MS } from '../../sandbox/ssm/actions/action.ts';
import { spellOperation, spellService } from '../../sandbox/ssm/actions/api-call.ts';
import { isReading } from '../changing-calls.ts';
import type { RecordedChange } from './changed-resources.ts';
import type { RecordedAnswer } from './recorded-answer.ts';
import { relativeMoments } from './relative-moments.ts';
import { callsRundeck, isAboutRun, recordJobs } from './rundeck-jobs.ts';
import { answerOfOutputs, objectAt, type StepOutput } from './step-answers.ts';
import { invokedFunction, jsonOr, stepInputs, stepSeconds } from './step-inputs.ts';

/** What a step was answered, as a world says it, and what it changed. */
interface RecordedStep {
  readonly answers?: readonly RecordedAnswer[];
  readonly commands?: readonly Record<string, unknown>[];
  readonly scripts?: readonly Record<string, unknown>[];
  readonly changes?: readonly RecordedChange[];
}

/** The same of an automation, in order. */
export interface RecordedAutomation extends Required<RecordedStep> {
  readonly jobs: readonly Record<string, unknown>[];
}

type Inputs = Readonly<Record<string, unknown>>;

/**
 * Reads the steps of an automation. SSM keeps what a step gave out, not what it was answered: answers are made from that,
 * by the outputs of its document, or from what the step waited for.
 */
export function recordAutomation(
  { StepExecutions: steps = [] }: AutomationExecution,
  outputsOf: (step: string) => readonly StepOutput[] = () => [],
): RecordedAutomation {
  const made = steps.map((step) => recordStep(step, outputsOf(step.StepName ?? ''), isAboutRun(step, steps)));
  return {
    answers: made.flatMap(({ answers = [] }) => answers),
    commands: made.flatMap(({ commands = [] }) => commands),
    scripts: made.flatMap(({ scripts = [] }) => scripts),
    changes: made.flatMap(({ changes = [] }) => changes),
    jobs: recordJobs(steps),
  };
}

function recordStep(step: StepExecution, outputs: readonly StepOutput[], isMadeAnew: boolean): RecordedStep {
  const inputs = stepInputs(step);
  if (step.StepStatus === 'Pending') return {};
  switch (step.Action) {
    case 'aws:changeInstanceState':
      return recordInstanceState(step, inputs);
    case 'aws:runCommand':
      return recordCommand(step, inputs);
    case 'aws:executeAwsApi':
    case 'aws:waitForAwsResourceProperty':
    case 'aws:assertAwsResourceProperty':
      return recordApi(step, inputs, outputs);
    case 'aws:executeScript':
      return recordScript(step, outputs, isMadeAnew);
    case 'aws:invokeLambdaFunction':
      return recordInvocation(step, inputs);
    default:
      return {};
  }
}

function recordApi(step: StepExecution, inputs: Inputs, outputs: readonly StepOutput[]): RecordedStep {
  const { Service, Api, PropertySelector: selector = '', DesiredValues: desired, ...input } = inputs;
  const [service, operation] = [spellService(String(Service)), spellOperation(String(Api))];
  const error = apiError(step);
  const waited =
    step.StepStatus === 'Success' && selector !== '' ? objectAt(String(selector), [desired].flat()[0]) : {};
  const output = relativeMoments(answerOfOutputs(outputs, step.Outputs, waited), step.ExecutionEndTime);
  const says = { ...(error ? { error } : { output }), times: error ? 1 : timesAsked(step) };
  return {
    answers: [{ call: `${service}:${operation}`, asked: input, at: step.ExecutionStartTime, says }],
    changes: isReading({ operation }) ? [] : [{ service, operation, input }],
  };
}

/** The error that AWS answered to a step, if that is why it failed. */
function apiError({ FailureMessage: text = '' }: StepExecution): Record<string, unknown> | undefined {
  const [, code, message = ''] =
    /An error occurred \((\w+)\) when calling the \w+ operation: (.*?)(?:\. Please refer|$)/.exec(text) ?? [];
  return code === undefined ? undefined : { code, message: relativeMoments(message, undefined) };
}

/** A step that waited in vain asked again and again, and was never answered what it waited for. */
function timesAsked(step: StepExecution): number {
  const isInVain = step.Action === 'aws:waitForAwsResourceProperty' && step.StepStatus !== 'Success';
  return isInVain ? Math.max(1, Math.ceil((1000 * stepSeconds(step)) / POLL_MS)) : 1;
}

/** What a script returned is its `Payload`; where SSM does not say it, what the document reads from it. */
function recordScript(step: StepExecution, outputs: readonly StepOutput[], isMadeAnew: boolean): RecordedStep {
  const { StepName, Outputs = {}, FailureMessage: error = 'It failed.' } = step;
  if (step.StepStatus !== 'Success')
    return { scripts: [{ step: StepName, error: relativeMoments(error, undefined), times: 1 }] };
  if (isMadeAnew) return { scripts: [{ step: StepName, run: 'real', times: 1 }] };
  const [whole] = Outputs['OutputPayload'] ?? [];
  const answer: unknown = whole ? JSON.parse(whole) : answerOfOutputs(outputs, Outputs);
  const output: unknown = Reflect.get(Object(answer), 'Payload') ?? jsonOr(Outputs['Payload']?.[0]) ?? {};
  return { scripts: [{ step: StepName, output: relativeMoments(output, step.ExecutionEndTime), times: 1 }] };
}

/** Of a function what it returned or failed with; Handsoff's own runs again. */
function recordInvocation(step: StepExecution, inputs: Inputs): RecordedStep {
  const input = { FunctionName: [{ suffix: invokedFunction(step) }] };
  const { Outputs, FailureMessage: errorMessage = 'It failed.' } = step;
  const said =
    step.StepStatus === 'Success'
      ? { output: { Payload: relativeMoments(jsonOr(Outputs?.['Payload']?.[0]), step.ExecutionEndTime) } }
      : { error: { errorType: 'Error', errorMessage: relativeMoments(errorMessage, undefined) } };
  const says = { input, ...said, times: 1 };
  return {
    answers: callsRundeck(step) ? [] : [{ call: 'lambda:Invoke', asked: {}, at: step.ExecutionStartTime, says }],
    changes: [{ service: 'lambda', operation: 'Invoke', input: { FunctionName: inputs['FunctionName'] } }],
  };
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-changestate.html */
function recordInstanceState(step: StepExecution, inputs: Inputs): RecordedStep {
  const InstanceIds = [inputs['InstanceIds'] ?? []].flat();
  const asked = { InstanceIds };
  const stops = inputs['DesiredState'] === 'stopped';
  const operation = stops ? 'StopInstances' : 'StartInstances';
  const call = `ec2:${operation}`;
  const at = step.ExecutionStartTime;
  const InstanceState = stops ? { Code: 80, Name: 'stopped' } : { Code: 16, Name: 'running' };
  const status = { Status: stops ? 'not-applicable' : 'ok' };
  const reached = { InstanceState, InstanceStatus: status, SystemStatus: status };
  const isReached = step.StepStatus === 'Success';
  const seen = { InstanceStatuses: isReached ? InstanceIds.map((InstanceId) => ({ InstanceId, ...reached })) : [] };
  const looked = { call: 'ec2:DescribeInstanceStatus', asked, at };
  if (inputs['CheckStateOnly'] === true) return { answers: [{ ...looked, says: { output: seen } }] };
  const error = apiError(step);
  const changed = { call, asked, at, says: error ? { error, times: 1 } : { output: {} } };
  return {
    answers: error ? [changed] : [changed, { ...looked, says: { after: call, output: seen } }],
    changes: [{ service: 'ec2', operation, input: asked }],
  };
}

function recordCommand(step: StepExecution, inputs: Inputs): RecordedStep {
  const document = String(inputs['DocumentName']);
  const command = {
    document,
    stdout: relativeMoments(step.Outputs?.['Output']?.[0] ?? '', step.ExecutionEndTime),
    status: step.StepStatus === 'Success' ? 'Success' : 'Failed',
    lasts: `${stepSeconds(step)}s`,
    times: 1,
  };
  return { commands: [command], changes: [{ service: 'ssm', operation: 'SendCommand', input: inputs }] };
}
